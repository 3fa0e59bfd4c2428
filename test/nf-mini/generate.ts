/**
 * Random pipelines from a grammar, always legal, weighted to look like real ones: samplesheets with lanes, scatter by intervals, grouping
 * with and without sizes, lost keys, joins, mixes, references, subworkflows; and small worlds for them.
 */
import { randomFrom } from './engine.ts';
import { STEPS } from './grammar/steps.ts';
import { type Random, randomOf } from './random.ts';
import type { World } from './world.ts';

/** What an item of a channel is made of. */
export type Field =
  /** Something to group and join by; `row` has id, patient, lane and n_lanes, `sample` id, patient and n_lanes; the others are strings. */
  | { readonly type: 'key'; readonly kind: 'row' | 'sample' | 'id' | 'patient' | 'pair' | 'region'; readonly sized: boolean }
  | { readonly type: 'path' }
  /** Several files. Not `certain`: one file is not in a list (a wildcard without arity). `gathered`: of several items. */
  | { readonly type: 'paths'; readonly certain: boolean; readonly gathered?: boolean }
  | { readonly type: 'word' }
  | { readonly type: 'number' }
  /** A list of words or keys. */
  | { readonly type: 'list' };

export interface PoolChannel {
  readonly name: string;
  readonly kind: 'queue' | 'value';
  /** A tuple of these; of one, when `bare`, the thing itself. */
  readonly fields: readonly Field[];
  readonly bare: boolean;
  /** Came from one item each of the same source in its order: two of one family may be read in step. */
  readonly family: string | undefined;
  /** A file or list, no channel: operators cannot be called on it. */
  readonly plain?: boolean;
  /** No two items have one key. */
  readonly distinct: boolean;
  /** Items of several channels are on it. */
  readonly mixed?: boolean;
  /** Not all items of what it comes from, or not one for each. */
  readonly partial?: boolean;
  /** Taken apart. */
  readonly split?: boolean;
  /** A number in it says how many items there are of each key. */
  readonly scattered?: boolean;
  /** It waits for more than it carries: behind a groupTuple, a concat. */
  readonly barred?: boolean;
  /** Told apart by a key that several rows have. */
  readonly grouped?: boolean;
  /** Of a sized key: its size is the number of items that have the key. */
  readonly sizeHolds?: boolean;
  /** Of how many things it may be made at the most: keeps cross products small. */
  readonly weight: number;
}

/** One statement, or a few that belong together. Dropping it takes along what uses its channels. */
export interface Step {
  readonly defines: readonly string[];
  readonly uses: readonly string[];
  /** Lines of the workflow's body. */
  readonly lines: readonly string[];
  /** Definitions beside the workflow: processes, subworkflows. */
  readonly definitions: readonly string[];
  readonly includes: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  /** Calls in it. */
  readonly processes: number;
  readonly traits: readonly Trait[];
  /** Of a subworkflow's call. */
  readonly inner?: Inner;
}

/** The body of a subworkflow, so that it can be made smaller. */
export interface Inner {
  readonly name: string;
  readonly steps: readonly Step[];
  /** Channels that have to stay. */
  readonly emits: readonly string[];
  /** What a step that calls it becomes with fewer steps inside. */
  write(steps: readonly Step[]): Pick<Step, 'definitions' | 'files' | 'processes' | 'traits'>;
}

/** What is rare in real pipelines, or known to be beyond the model: so that it can be left out, or looked at alone. */
export type Trait =
  | 'fair'
  | 'when'
  | 'optional'
  | 'each'
  | 'remainder'
  /** Inputs that are read in step and do not come from one place. */
  | 'unpaired'
  /** join, cross or combine(by) where both sides have several items of one key. */
  | 'repeated keys joined'
  /** A group key, or a size, that is not the number of items of its group. */
  | 'wrong size'
  | 'take'
  | 'distinct'
  /** Items of several channels, or not all of one, gathered and then taken apart, or told apart by `unique`. */
  | 'mixed and taken apart'
  /** Files that a task of a group made, taken apart. */
  | 'several of each group'
  /** Some items, chosen by who comes first, of a channel behind a barrier. */
  | 'chosen behind a barrier'
  /** Batches of a channel of which it is not known how many items are left. */
  | 'batches of fewer'
  | 'group key meets plain key'
  /** combine of two channels that were both taken apart. */
  | 'parts with parts';

export interface Generated {
  readonly seed: number;
  readonly steps: readonly Step[];
  readonly traits: ReadonlySet<Trait>;
  readonly files: Readonly<Record<string, string>>;
  readonly worlds: readonly World[];
}

/** While a pipeline is made. */
export interface Draft {
  readonly random: Random;
  readonly steps: Step[];
  readonly pool: PoolChannel[];
  readonly fileCounts: Map<string, readonly number[]>;
  /** Names that are taken, of processes and channels. */
  readonly names: Set<string>;
  /** Within a subworkflow, where no other one is made. */
  readonly nested: boolean;
  readonly leftOut: readonly Trait[];
}

const WORLDS = 3;

/** The pipeline of a seed, without steps of the kinds that are left out. */
export function generate(seed: number, leftOut: readonly Trait[] = []): Generated {
  const random = randomOf(randomFrom(seed * 7919 + 17));
  const draft: Draft = { random, steps: [], pool: [], fileCounts: new Map(), names: new Set(), nested: false, leftOut };
  const wanted = random.between(2, 12);
  if (random.chance(0.85)) STEPS[0]!.add(draft);
  grow(draft, wanted);
  const worlds = Array.from({ length: WORLDS }, () => worldFor(random, draft.fileCounts));
  return { seed, steps: draft.steps, traits: new Set(draft.steps.flatMap(({ traits }) => traits)), files: render(draft.steps), worlds };
}

/** Adds steps until there are enough processes. */
export function grow(draft: Draft, wanted: number): void {
  for (let tries = 0; tries < 300; tries++) {
    const made = draft.steps.reduce((sum, { processes }) => sum + processes, 0);
    if (made >= wanted) return;
    const possible = STEPS.filter(({ when }) => when(draft));
    const before = [draft.steps.length, draft.pool.length] as const;
    draft.random.weighted(possible, ({ weight }) => weight).add(draft);
    if (!draft.steps.slice(before[0]).some(({ traits }) => traits.some((trait) => draft.leftOut.includes(trait)))) continue;
    draft.steps.length = before[0];
    draft.pool.length = before[1];
  }
}

export function render(steps: readonly Step[]): Record<string, string> {
  const files: Record<string, string> = {};
  for (const step of steps) Object.assign(files, step.files);
  const includes = steps.flatMap((step) => step.includes);
  const definitions = [...new Set(steps.flatMap((step) => step.definitions))];
  const lines = steps.flatMap((step) => step.lines).map((line) => `    ${line}`);
  files['main.nf'] = [
    "params.input = 'samples.csv'",
    'params.deep = false',
    // How many files a wildcard finds when real Nextflow runs it.
    'params.files = 2',
    ...(includes.length > 0 ? ['', ...includes] : []),
    '',
    ...definitions.flatMap((definition) => [definition, '']),
    'workflow {',
    ...lines,
    '}',
    '',
  ].join('\n');
  return files;
}

/** The pipeline without a step and without all that needs it. */
export function without(steps: readonly Step[], dropped: Step): Step[] {
  const gone = new Set(dropped.defines);
  return steps.filter((step) => {
    if (step !== dropped && !step.uses.some((name) => gone.has(name))) return true;
    for (const name of step.defines) gone.add(name);
    return false;
  });
}

function worldFor(random: Random, fileCounts: ReadonlyMap<string, readonly number[]>): World {
  const files: Record<string, string> = {};
  const rows: string[] = [];
  let honest = true;
  const samples = random.weighted([0, 1, 2, 3, 4, 5], (count) => [1, 2, 4, 4, 2, 1][count]!);
  for (let sample = 0; sample < samples; sample++) {
    const lanes = random.weighted([1, 2, 3], (count) => [3, 3, 1][count - 1]!);
    const patient = `p${random.chance(0.6) ? sample : random.between(0, 1)}`;
    // A sheet may say a wrong number of lanes, or have a row twice.
    const said = random.chance(0.93) ? lanes : random.between(1, 3);
    if (said !== lanes) honest = false;
    for (let lane = 1; lane <= lanes; lane++) rows.push(`${patient},s${sample},L${lane},${said},reads/s${sample}_L${lane}.fq`);
  }
  if (rows.length > 0 && random.chance(0.12)) {
    rows.push(random.pick(rows));
    honest = false;
  }
  files['samples.csv'] = `${['patient,id,lane,n_lanes,reads', ...random.shuffled(rows)].join('\n')}\n`;
  const pairs = random.between(0, 4);
  for (let pair = 0; pair < pairs; pair++) {
    files[`pairs/s${pair}_1.fq`] = '@r\n';
    if (random.chance(0.85)) files[`pairs/s${pair}_2.fq`] = '@r\n';
  }
  const intervals = random.weighted([0, 1, 2, 3], (count) => [1, 2, 4, 3][count]!);
  for (let interval = 1; interval <= intervals; interval++) files[`intervals/chr${interval}.bed`] = `chr${interval}\t0\t9\n`;
  files['genome.fa'] = '>chr1\nACGT\n';
  const counts = Object.fromEntries(
    [...fileCounts].map(([output, choices]) => [output, random.shuffled(choices).slice(0, random.between(1, choices.length))]),
  );
  return { params: { deep: random.chance(0.5) }, files, fileCounts: counts, honest };
}
