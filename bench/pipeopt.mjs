// Runs pipeopt as a user does, for the harnesses: `bin/pipeopt.js analyze -f json`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../', import.meta.url));
const BIN = join(root, 'bin/pipeopt.js');

/**
 * The report on a pipeline's folder or script.
 * @param {{ params?: object, profile?: string, flags?: readonly string[], cwd?: string }} options params as of a params file
 * @returns {{ report: object, ms: number }}
 * @throws Error with what pipeopt said, when there is no report
 */
export function reportOf(pipeline, options = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'pipeopt-bench-'));
  try {
    const args = [BIN, 'analyze', pipeline, '-f', 'json', '--fail-on', 'none', '--no-progress'];
    if (options.params !== undefined) {
      const file = join(folder, 'params.json');
      writeFileSync(file, JSON.stringify(options.params));
      args.push('--params-file', file);
    }
    if (options.profile !== undefined) args.push('--profile', options.profile);
    args.push(...(options.flags ?? []));
    const start = performance.now();
    const { stdout, stderr, status } = spawnSync(process.execPath, args, {
      maxBuffer: 1 << 30,
      encoding: 'utf8',
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const ms = performance.now() - start;
    if (status !== 0 || stdout === '') throw new Error(stderr.trim() || `exit ${status}`);
    return { report: JSON.parse(stdout), ms };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `--name value` from an argument list; undefined when it is not there. */
export function flag(args, name) {
  const at = args.indexOf(`--${name}`);
  return at === -1 ? undefined : args[at + 1];
}
