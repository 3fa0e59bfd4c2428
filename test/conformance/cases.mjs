// The fixtures on disk: which cases there are, which runs each asks for, and how an expectation is written down.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));

/**
 * One run per set of parameters. A set called NAME has `params-NAME.json` and `expected-NAME.json`; the unnamed set has `params.json`
 * (or no parameters) and `expected.json`. An expectation may also say `parser` ("v1" unless given), `profiles` and, for a config
 * case, `params` and `nextflowArgs`. `undrawn`, written by hand, lists dependencies that are real but that Nextflow's picture
 * leaves out (into a recursion and out of a recursing workflow): pipeopt has to have them.
 */
export function runsOf(kind, only) {
  const base = join(fixtures, kind);
  const runs = [];
  for (const caseName of existsSync(base) ? readdirSync(base).sort() : []) {
    const folder = join(base, caseName);
    if (!existsSync(join(folder, 'main.nf'))) continue;
    if (only && caseName !== only && `${kind}/${caseName}` !== only && only !== kind) continue;
    // A pipeline's `expected-run.json` is no set of parameters.
    for (const set of kind === 'pipelines' ? [''] : setsOf(folder)) {
      const expectedPath = join(folder, `expected${set && `-${set}`}.json`);
      const paramsPath = join(folder, `params${set && `-${set}`}.json`);
      const expected = existsSync(expectedPath) ? readJson(expectedPath) : {};
      const params = existsSync(paramsPath) ? readJson(paramsPath) : (expected.params ?? {});
      const { parser, profiles, nextflowArgs } = expected;
      runs.push({
        kind,
        caseName,
        set,
        folder,
        expectedPath,
        expected,
        params,
        parser,
        profiles,
        nextflowArgs,
        id: `${kind}/${caseName}${set && ` [${set}]`}`,
      });
    }
  }
  return runs;
}

function setsOf(folder) {
  const names = readdirSync(folder);
  const sets = new Set();
  for (const name of names) {
    const match = /^(?:params|expected)(?:-(.+))?\.json$/.exec(name);
    if (match) sets.add(match[1] ?? '');
  }
  return sets.size > 0 ? [...sets].sort() : [''];
}

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** One line per process, edge and task, so that a reviewer sees in a diff what changed. */
export function writeExpected(run, answer) {
  const lines = [];
  if (run.kind === 'graphs') {
    if (run.parser) lines.push(`"parser": ${JSON.stringify(run.parser)}`);
    if (run.profiles) lines.push(`"profiles": ${JSON.stringify(run.profiles)}`);
    if (run.nextflowArgs) lines.push(`"nextflowArgs": ${JSON.stringify(run.nextflowArgs)}`);
    lines.push(`"processes": ${list(answer.processes)}`, `"edges": ${list(answer.edges)}`);
    if (run.expected.undrawn) lines.push(`"undrawn": ${list(run.expected.undrawn)}`);
  } else {
    lines.push(
      `"parser": ${JSON.stringify(run.parser ?? 'v1')}`,
      `"profiles": ${JSON.stringify(run.profiles ?? null)}`,
      `"params": ${JSON.stringify(run.params ?? {})}`,
      `"nextflowArgs": ${JSON.stringify(run.nextflowArgs ?? [])}`,
      `"tasks": {\n${Object.entries(answer)
        .map(([name, task]) => `    ${JSON.stringify(name)}: ${JSON.stringify(task)}`)
        .join(',\n')}\n  }`,
    );
  }
  writeFileSync(run.expectedPath, `{\n${lines.map((line) => `  ${line}`).join(',\n')}\n}\n`);
}

function list(items) {
  return items.length === 0 ? '[]' : `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`;
}
