/** What a kind of fault is, and what a planted one claims. */
import type { TextRange } from '../../src/source/source-file.ts';
import type { Chance } from './chance.ts';
import type { Edits } from './edits.ts';
import type { CallSource, SourceModel } from './source-model.ts';

/** The rules that the benchmark is about, as issue 5 names them. */
export const JUDGED_RULES: readonly string[] = [
  'unsized-group-tuple',
  'lost-group-key',
  'collect-between-per-item-steps',
  'token-dependency',
  'unread-input',
  'pass-through-link',
  'over-wide-directory',
  'ordered-concat',
  'serial-monolith',
  'missing-scatter',
  'repeated-constant-work',
  'duplicate-work',
  'cross-then-filter',
  'queue-where-value-meant',
  'unpaired-inputs',
  'short-group-dropped',
  'unmatched-join',
  'single-thread-tool',
  'oversubscribed-threads',
  'throttled-step',
  'dead-work',
];

/** A range of an original text that a finding may point at. */
export interface PlacedRange {
  readonly path: string;
  readonly range: TextRange;
}

export interface Mutation {
  /** Where and how, in a few words; with base and kind it names the mutant. */
  readonly site: string;
  readonly edits: Edits;
  /** A right finding lies at one of these … */
  readonly places: readonly PlacedRange[];
  /** … or names all of these calls. */
  readonly calls: readonly string[];
  /** Other rules that name the same fault rightly. */
  readonly alsoRight?: readonly string[];
  /** Rules that may speak, rightly, of what the fault brings with it: neither right nor wrong. */
  readonly consequences?: readonly string[];
}

export interface Kind {
  /** The rule that a right answer names. */
  readonly rule: string;
  /** All sites of a base where the fault is a true fault; each kind says by what it knows. */
  faults(model: SourceModel, chance: Chance): Mutation[];
  /** Edits that look the same and do no harm: nothing may be found. */
  neutrals(model: SourceModel, chance: Chance): Mutation[];
}

// ------------------------------------------------------------------------------------------------ what kinds ask of a pipeline

/** What is done once whatever the first input looks like: nf-core gives reports and references a key and a tag, too. */
const ONCE = /^(MULTIQC|GUNZIP|UNTAR|UNZIP|MASK_UNMASK)/;
/** Workflows that make references. */
const PREPARING = /PREPARE|GENOME|REFERENCE|DOWNLOAD|INDEX_/;

/**
 * One task an item: the first input is a tuple that begins with a key, and the tag shows it. What is made once of a reference has in our
 * pipelines no such tuple; in nf-core's it stands in a workflow that is called after what it prepares.
 */
export function isPerItem(call: CallSource): boolean {
  const { inputs, node, text } = call.process;
  const key = inputs[0]?.tuple === true ? inputs[0].slots[0] : undefined;
  if (key?.qualifier !== 'val' || key.variable === undefined) return false;
  const directives = node.directives.map(({ start, end }) => text.slice(start - node.start, end - node.start));
  if (!directives.some((directive) => /^tag\b/.test(directive) && directive.includes(key.variable!))) return false;
  return !ONCE.test(call.name) && !call.ids.some((id) => PREPARING.test(id.slice(0, id.lastIndexOf(':') + 1)));
}

export function whole(call: CallSource): PlacedRange {
  return { path: call.path, range: call.statement };
}

export function definition(call: CallSource): PlacedRange {
  return { path: call.process.path, range: call.process.node };
}

/** The indentation of the line that holds an offset. */
export function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1))![0];
}

export function label(call: CallSource): string {
  return call.ids[0] ?? call.name;
}
