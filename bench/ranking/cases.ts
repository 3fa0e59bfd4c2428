/** Pipelines of which there is a real run, with several faults planted in each copy. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type AnalyzeOptions, analyzeTree, memoryTree, type Report } from '../../src/index.ts';
import { Chance } from '../mutants/chance.ts';
import { type Edit, Edits, type Files } from '../mutants/edits.ts';
import type { Kind, Mutation } from '../mutants/kind.ts';
import { KINDS } from '../mutants/mutants.ts';
import { SourceModel } from '../mutants/source-model.ts';
// @ts-expect-error: a plain script, shared with the judges that are run by node alone.
import { optionsOf } from '../traces/cases.mjs';
import { type Durations, durationsOf } from './durations.ts';

export interface Base {
  readonly name: string;
  readonly files: Files;
  readonly entry: string;
  readonly options: AnalyzeOptions;
  readonly durations: Durations;
  readonly model: SourceModel;
  /** Where faults of each kind can be planted. */
  readonly sites: ReadonlyMap<Kind, readonly Mutation[]>;
}

export interface Case {
  readonly name: string;
  readonly base: Base;
  readonly files: Files;
  readonly faults: readonly string[];
}

/** Rules whose gain no trace can tell: how the time of a script is shared out among its commands nobody measured. */
const UNTOLD = new Set(['serial-monolith', 'repeated-constant-work', 'missing-scatter']);
/** Faults that cost no time. */
const HARMLESS = new Set([
  'cross-then-filter',
  'queue-where-value-meant',
  'unpaired-inputs',
  'short-group-dropped',
  'unmatched-join',
  'single-thread-tool',
  'oversubscribed-threads',
]);
export const PLANTED: readonly Kind[] = KINDS.filter(({ rule }) => !UNTOLD.has(rule) && !HARMLESS.has(rule));

/** Others say nothing that could be ranked here. */
const RANKED = PLANTED.map(({ rule }) => rule);

const TEXTS = /\.(nf|config|groovy|json|ya?ml|csv|tsv)$/;
const LARGEST_BYTES = 1_000_000;

interface TraceCase {
  readonly name: string;
  readonly repo: string;
  readonly commit: string;
  readonly traces: readonly string[];
  readonly entry?: string;
  readonly flags?: readonly string[];
  readonly bind?: Readonly<Record<string, number>>;
}

/** Of bench/traces/cases.json those that are on disk, and why the others are not used. */
export function basesIn(
  root: string,
  pipelines: string,
  traces: string,
  shell: AnalyzeOptions['shell'],
  only = '',
): { readonly bases: Base[]; readonly left: string[] } {
  const bases: Base[] = [];
  const left: string[] = [];
  for (const one of JSON.parse(readFileSync(join(root, 'bench/traces/cases.json'), 'utf8')) as TraceCase[]) {
    if (!one.name.includes(only)) continue;
    const folder = join(resolve(pipelines), `${one.repo.replace('/', '__')}@${one.commit.slice(0, 12)}`);
    const durations = durationsOf(traces, one.traces);
    const why = !existsSync(folder)
      ? 'no checkout'
      : durations === undefined
        ? 'no trace'
        : one.flags !== undefined
          ? 'it takes a config of its own'
          : undefined;
    if (why !== undefined || durations === undefined) {
      left.push(`${one.name}: ${why}`);
      continue;
    }
    const { options } = optionsOf(one, folder, join(root, 'bench/traces')) as {
      options: { params?: Record<string, unknown>; profile?: string; cwd: string };
    };
    const given: AnalyzeOptions = {
      ...(options.params && { params: options.params }),
      profiles: options.profile === undefined ? [] : [options.profile],
      sizes: one.bind ?? {},
      userFolder: options.cwd,
      ...(shell && { shell }),
      select: RANKED,
    };
    const files = filesIn(folder);
    const entry = one.entry ?? 'main.nf';
    const model = new SourceModel(files, analyzeTree(memoryTree(files), entry, given));
    const chance = new Chance(1, one.name);
    const sites = new Map(PLANTED.map((kind) => [kind, kind.faults(model, chance)]));
    bases.push({ name: one.name, files, entry, options: given, durations, model, sites });
  }
  return { bases, left };
}

function filesIn(folder: string): Files {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const full = join(entry.parentPath, entry.name);
    const path = full.slice(folder.length + 1).replaceAll('\\', '/');
    if (entry.isFile() && TEXTS.test(path) && !/(^|\/)\.git\//.test(path) && statSync(full).size < LARGEST_BYTES)
      files[path] = readFileSync(full, 'utf8');
  }
  return files;
}

/** Offsets between two edits of different faults: nearer ones may be about the same thing. */
const APART = 200;
const FEWEST = 3;
const MOST = 7;

/** So many faults of different sites, kinds in turn, each readable beside the others. */
export function caseOf(base: Base, number: number, seed: number): Case | undefined {
  const chance = new Chance(seed + number, `${base.name} ${number}`);
  const wanted = FEWEST + chance.below(MOST - FEWEST + 1);
  const sites = chance.shuffled(PLANTED).map((kind) => ({ kind, mutations: chance.shuffled(base.sites.get(kind) ?? []) }));
  const chosen: { readonly kind: Kind; readonly mutation: Mutation }[] = [];
  const edits: Edit[] = [];
  for (let round = 0; round < MOST && chosen.length < wanted; round += 1)
    for (const { kind, mutations } of sites) {
      const mutation = mutations.find((one) => one.edits.all.every((edit) => edits.every((other) => isApart(edit, other))));
      if (mutation === undefined || chosen.length >= wanted) continue;
      chosen.push({ kind, mutation });
      edits.push(...mutation.edits.all);
    }
  if (chosen.length < FEWEST) return undefined;
  const all = new Edits();
  for (const { path, start, end, text } of edits) all.replace(path, { start, end }, text);
  return {
    name: `${base.name}/${number}`,
    base,
    files: all.apply(base.files),
    faults: chosen.map(({ kind, mutation }) => `${kind.rule} ${mutation.site}`),
  };
}

function isApart(one: Edit, two: Edit): boolean {
  return one.path !== two.path || one.end + APART < two.start || two.end + APART < one.start;
}

/** @param durations absent: the ranking has to do without */
export function analyzeCase({ base, files }: Pick<Case, 'base' | 'files'>, durations?: Durations): Report {
  return analyzeTree(memoryTree(files), base.entry, { ...base.options, ...(durations && { durations }) });
}

/** It cannot be read as the base could. */
export function isUnfit({ base }: Case, report: Report): boolean {
  const before = base.model.report.coverage;
  return (
    report.coverage.diagnostics.length > before.diagnostics.length ||
    report.coverage.unresolvedIncludes.length > before.unresolvedIncludes.length
  );
}
