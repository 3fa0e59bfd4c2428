// `npm run bench:mutants`: plants one fault of a known kind in a clean pipeline and asks pipeopt what it finds that is new.
//   --pipelines DIR      public pipelines to plant in, beside ours (or PIPEOPT_PIPELINES); absent ones are left out, with a note
//   --kind K, --base B   only these; may be repeated
//   --seed S             which sites (default 1); --per-own N, --per-public N, --neutrals N: how many of a kind in one base
//   --list               each missed fault and each wrong finding; --table FILE: the table as Markdown too
//   --write DIR          the mutants as folders, each with what it claims in mutant.json
//   --min-recall R, --min-precision P   shares from 0 to 1; below one of them the exit code is 1
// Recall of a kind: mutants with a new finding of its rule at the place or with the calls of the fault, of all. Precision: those, of all new
// findings of the rules in question (neutral mutants count here); findings of one rule about the same calls count once.
// Exit 2: a mutant is not what it claims, or the options make no sense.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadShell } from '../../src/index.ts';
import { ownBases, publicBases } from './bases.ts';
import { analyzeMutant, type Choice, KINDS, type Mutant, mutantsOf, USUAL, unfit } from './mutants.ts';
import { byKind, type KindScore, precision, recall, type Score, score, total } from './score.ts';

function readOptions() {
  const text = { type: 'string' } as const;
  const several = { type: 'string', multiple: true } as const;
  try {
    return parseArgs({
      options: {
        pipelines: text,
        kind: several,
        base: several,
        seed: text,
        'per-own': text,
        'per-public': text,
        neutrals: text,
        list: { type: 'boolean', default: false },
        write: text,
        table: text,
        'min-recall': text,
        'min-precision': text,
      },
    }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\nsee the head of bench/mutants/run.ts`);
    return undefined;
  }
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) return 2;
  const choice: Choice = {
    seed: Number(options.seed ?? USUAL.seed),
    perOwnBase: Number(options['per-own'] ?? USUAL.perOwnBase),
    perPublicBase: Number(options['per-public'] ?? USUAL.perPublicBase),
    neutralsPerBase: Number(options.neutrals ?? USUAL.neutralsPerBase),
  };
  const analysis = { shell: await loadShell() };
  const { bases: foreign, absent } = publicBases(options.pipelines ?? process.env.PIPEOPT_PIPELINES, analysis);
  const bases = [...ownBases(process.cwd(), analysis), ...foreign].filter(({ name }) => options.base?.includes(name) ?? true);
  const kinds = KINDS.filter(({ rule }) => options.kind?.includes(rule) ?? true);
  if (bases.length === 0 || kinds.length === 0) {
    console.error(`no such ${bases.length === 0 ? 'base' : 'kind'}: ${(bases.length === 0 ? options.base : options.kind)?.join(', ')}`);
    return 2;
  }
  if (absent.length > 0) console.log(`not there, left out: ${absent.join(', ')} (--pipelines DIR)`);

  const started = performance.now();
  const scores: Score[] = [];
  const broken: string[] = [];
  for (const base of bases)
    for (const kind of kinds)
      for (const mutant of mutantsOf(base, kind, choice)) {
        const report = analyzeMutant(mutant);
        const trouble = unfit(mutant, report);
        if (trouble !== undefined) broken.push(`${mutant.name} (${mutant.mutation.site}): ${trouble}`);
        scores.push(score(mutant, report));
        if (options.write !== undefined) write(resolve(options.write), mutant);
      }

  const rows = byKind(scores);
  const all = total(rows);
  if (options.list) for (const one of scores) listOne(one);
  const table = [...rows, all].map(cells);
  console.log(
    `${all.faults} faults of ${rows.length} kinds and ${all.neutrals} neutral mutants in ${bases.length} pipelines, ${Math.round((performance.now() - started) / 100) / 10} s`,
  );
  console.log(asText([HEAD, ...table]));
  if (options.table !== undefined) writeFileSync(options.table, asMarkdown([HEAD, ...table]));
  for (const line of broken) console.error(`BROKEN ${line}`);
  if (broken.length > 0) return 2;
  const short = (is: number | undefined, least: string | undefined) => least !== undefined && (is ?? 0) < Number(least);
  return short(recall(all), options['min-recall']) || short(precision(all), options['min-precision']) ? 1 : 0;
}

const HEAD = ['kind', 'n', 'found', 'neutral', 'wrong', 'recall', 'precision'];

function cells(row: KindScore): string[] {
  const share = (value: number | undefined) => (value === undefined ? '-' : `${Math.round(value * 1000) / 10} %`);
  return [
    row.rule,
    String(row.faults),
    String(row.found),
    String(row.neutrals),
    String(row.wrong),
    share(recall(row)),
    share(precision(row)),
  ];
}

function asText(rows: readonly (readonly string[])[]): string {
  const widths = HEAD.map((_head, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '))
    .join('\n');
}

function asMarkdown([head, ...rows]: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  return `${[line(head!), `|---|${'---:|'.repeat(HEAD.length - 1)}`, ...rows.map(line)].join('\n')}\n`;
}

function listOne({ mutant, found, wrong }: Score): void {
  const places = mutant.places.map(({ path, startLine, endLine }) => `${path}:${startLine}-${endLine}`).join(' or ');
  if (!mutant.neutral && !found)
    console.log(`missed ${mutant.name}: ${mutant.mutation.site}; ${places || mutant.mutation.calls.join(', ')}`);
  for (const { ruleId, location, calls, message } of wrong)
    console.log(
      `wrong  ${mutant.name}: ${mutant.mutation.site}; ${ruleId} ${location.path}:${location.startLine} [${calls.join(', ')}] ${message}`,
    );
}

function write(folder: string, mutant: Mutant): void {
  const root = join(folder, mutant.name);
  rmSync(root, { recursive: true, force: true });
  const claim = {
    name: mutant.name,
    site: mutant.mutation.site,
    rule: mutant.neutral ? null : mutant.rule,
    places: mutant.places,
    calls: mutant.mutation.calls,
    edits: mutant.mutation.edits.all,
    params: mutant.base.options.commandLineParams ?? {},
  };
  for (const [path, text] of [...Object.entries(mutant.files), ['mutant.json', `${JSON.stringify(claim, null, 2)}\n`] as const]) {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
  }
}

process.exitCode = await main();
