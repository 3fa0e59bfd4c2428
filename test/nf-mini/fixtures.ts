/** The cases of fixtures/tasks: pipelines whose tasks real Nextflow has counted (test/conformance/tasks.mjs). */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { World } from './world.ts';

const ROOT = fileURLToPath(new URL('../../fixtures/tasks/', import.meta.url));

export interface TaskCase {
  readonly name: string;
  /** Scripts and inputs alike, by path from the case's folder. */
  readonly files: Readonly<Record<string, string>>;
  readonly world: World;
  /** What real Nextflow did; undefined while nothing is recorded. */
  readonly expected: RecordedTasks | undefined;
}

export interface RecordedTasks {
  /** Tasks per call, by fully-qualified name; a call that ran none is not there. */
  readonly tasks: Readonly<Record<string, number>>;
  /** [A, B]: in every run the last task of A had ended before the first of B began. */
  readonly before: readonly (readonly [string, string])[];
}

export function taskCases(root: string = ROOT): TaskCase[] {
  return readdirSync(root)
    .sort()
    .filter((name) => existsSync(join(root, name, 'main.nf')))
    .map((name) => {
      const files = Object.fromEntries(textsOf(join(root, name)));
      const { 'world.json': world, 'expected.json': expected, ...rest } = files;
      return {
        name,
        files: rest,
        world: { ...(world === undefined ? {} : (JSON.parse(world) as World)), files: rest },
        expected: expected === undefined ? undefined : (JSON.parse(expected) as RecordedTasks),
      };
    });
}

function textsOf(folder: string, prefix = ''): [string, string][] {
  return readdirSync(folder).flatMap((name): [string, string][] => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? textsOf(path, `${prefix}${name}/`) : [[`${prefix}${name}`, readFileSync(path, 'utf8')]];
  });
}
