// What files declare: pipeopt's parser against nf-lang, the compiler front of Nextflow. Part of `npm run conformance` for our
// fixtures; for other folders (pipelines fetched elsewhere):
//   node test/conformance/facts.mjs [--show N] FOLDER...
// Files that nf-lang refuses are not compared. Exit 0: each field has 99.9 % of its entries equal; 1: one has not; 2: it cannot be done here.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { differencesOf, fieldsOf } from './facts/fields.mjs';
import { prepareNextflow } from './judge.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));
const program = join(here, 'facts');
const classes = join(here, '.nextflow/facts');
const jars = join(here, '.nextflow/lib/*');
const ENOUGH = 0.999;
const MOST_OUTPUT = 1 << 30;

/** On our fixtures nothing may differ but this: file, field, and why it is no mistake of ours. */
const EXPLAINED = [];

/** Compiles the Java side if it is not there or older than its source. Says what is missing; empty if nothing is. */
export function prepareFacts() {
  const missing = prepareNextflow();
  if (missing) return missing;
  const sources = readdirSync(program)
    .filter((name) => name.endsWith('.java'))
    .map((name) => join(program, name));
  const compiled = statSync(join(classes, 'Facts.class'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (sources.every((path) => statSync(path).mtimeMs < compiled)) return '';
  mkdirSync(classes, { recursive: true });
  const javac = spawnSync('javac', ['-proc:none', '-cp', jars, '-d', classes, ...sources], { encoding: 'utf8' });
  if (javac.error)
    return "The JDK's javac is missing (a JRE is not enough): `apt-get install openjdk-17-jdk-headless`, or https://adoptium.net.";
  return javac.status === 0 ? '' : `javac refused test/conformance/facts: ${javac.stderr}`;
}

function linesOf(command, args, options) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: MOST_OUTPUT, ...options });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${error?.message ?? stderr.trim().slice(0, 2000)}`);
  return stdout.split('\n').slice(0, -1).map(JSON.parse);
}

/** Both sides' records of each file below a folder. */
function bothSides(folder) {
  const ours = linesOf('npm', ['run', '-s', 'facts', '--', resolve(folder)], { cwd: root });
  const java = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx1g', '-cp', `${jars}:${classes}`, 'Facts', resolve(folder)];
  const theirs = linesOf('java', java, { input: ours.map(({ file }) => `${file}\n`).join('') });
  return ours.map((our, index) => [our, theirs[index]]);
}

/** Counts per field, and each difference with its file. `compared` are the files that nf-lang accepts. */
export function compareFacts(folders) {
  const fields = new Map();
  const differences = [];
  let files = 0;
  let compared = 0;
  for (const folder of folders) {
    for (const [ours, theirs] of bothSides(folder)) {
      files++;
      if (!theirs.ok) continue;
      compared++;
      if (!ours.ok) differences.push({ folder, file: ours.file, field: 'ok', theirs: [], ours: [JSON.stringify(ours.errors[0])] });
      const [left, right] = [fieldsOf(theirs), ours.ok ? fieldsOf(ours) : new Map()];
      for (const field of new Set([...left.keys(), ...right.keys()])) {
        const { entries, equal, ...difference } = differencesOf(left.get(field) ?? [], right.get(field) ?? []);
        const name = `${ours.kind}.${field}`;
        const total = fields.get(name) ?? { entries: 0, equal: 0 };
        fields.set(name, { entries: total.entries + entries, equal: total.equal + equal });
        if (equal < entries) differences.push({ folder, file: ours.file, field: name, ...difference });
      }
    }
  }
  return { fields, differences, files, compared };
}

/** For our fixtures: what differs and is not on the list, in words. */
export function fixtureDifferences() {
  const { fields, differences, compared } = compareFacts([join(root, 'fixtures')]);
  const known = ({ file, field }) => EXPLAINED.some((one) => one.file === file && one.field === field);
  const stale = EXPLAINED.filter((one) => !differences.some(({ file, field }) => one.file === file && one.field === field));
  return {
    compared,
    entries: [...fields.values()].reduce((sum, { entries }) => sum + entries, 0),
    failures: [
      ...differences.filter((one) => !known(one)).map(inWords),
      ...stale.map(({ file, field }) => `${file}, ${field}: is on the list of differences, and there is none`),
    ],
  };
}

function inWords({ file, field, theirs, ours }) {
  const short = (list) =>
    list.length === 0 ? 'nothing' : `${list[0].slice(0, 300)}${list.length > 1 ? ` and ${list.length - 1} more` : ''}`;
  return `${file}, ${field}: nf-lang has ${short(theirs)}; pipeopt ${short(ours)}`;
}

function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { show: { type: 'string', default: '3' } } });
  const folders = positionals.length > 0 ? positionals : [join(root, 'fixtures')];
  for (const folder of folders) if (!existsSync(folder)) throw new Error(`${folder} is not there`);
  const missing = prepareFacts();
  if (missing) throw new Error(missing);
  const started = Date.now();
  const { fields, differences, files, compared } = compareFacts(folders);
  let failed = false;
  for (const [name, { entries, equal }] of [...fields].sort()) {
    const share = entries === 0 ? 1 : equal / entries;
    failed ||= share < ENOUGH;
    console.log(
      `${name.padEnd(26)} ${`${equal}/${entries}`.padStart(16)} ${(100 * share).toFixed(3).padStart(8)} %${share < ENOUGH ? '  too few' : ''}`,
    );
    for (const one of differences.filter(({ field }) => field === name).slice(0, Number(values.show)))
      console.log(`    ${one.folder}: ${inWords(one)}`);
  }
  const refused = differences.filter(({ field }) => field === 'ok');
  for (const one of refused) console.log(`    ${one.folder}: ${inWords(one)}`);
  console.log(
    `${compared} of ${files} files are accepted by nf-lang and compared; ${refused.length} of them refused by pipeopt; ${Math.round((Date.now() - started) / 1000)} s`,
  );
  return failed ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = main();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 2;
  }
}
