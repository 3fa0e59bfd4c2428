/**
 * A rule is one file that holds one `defineRule({...})`. It finds a shape in what was read; it reads no disk, prints nothing,
 * changes nothing, and computes neither seconds nor money.
 */

import type { Channels } from '../parser/graph/channels.ts';
import type { ArrivalOrders } from '../parser/graph/model/arrival-orders.ts';
import type { Binding } from '../parser/graph/model/binding.ts';
import type { ChannelModel } from '../parser/graph/model/channel-model.ts';
import type { ItemCounts } from '../parser/graph/model/item-counts.ts';
import type { ProcessGraph } from '../parser/graph/process-graph.ts';
import type { Pipeline } from '../parser/pipeline/pipeline.ts';
import type { SourceRange } from '../source/source-file.ts';
import type { Change } from './change.ts';
import type { Evidence } from './estimate/evidence.ts';
import type { Confidence, RelatedPlace, Severity } from './finding.ts';
import type { AvoidableWaits } from './passes/avoidable-waits.ts';
import type { Needs } from './passes/needs/needs.ts';
import type { Scripts } from './passes/needs/scripts.ts';
import type { Parallelism } from './passes/parallelism.ts';
import type { Shape } from './passes/shape.ts';
import type { Sizing } from './passes/sizing/sizing.ts';
import type { Suppression } from './suppressions.ts';

/** What a rule cannot do without. Where it is missing, the rule is not asked and a note says so. */
export type Requirement = 'calls' | 'scripts' | 'trace';

/** A finding as the rule sees it; the engine adds what is the same for all. */
export interface FoundHere {
  readonly message: string;
  readonly reason: string;
  readonly advice: string;
  readonly confidence: Confidence;
  readonly place: SourceRange;
  readonly related?: readonly RelatedPlace[];
  readonly calls?: readonly string[];
  /** Where it differs from the rule's. */
  readonly severity?: Severity;
  /** What would be otherwise with it mended, of which the engine works out what it saves. */
  readonly change?: Change;
  /** Why nothing of it can be simulated, where there is no change. */
  readonly unsaved?: string;
  /** Qualified names for the fingerprint; the definition in which the place lies, if not given. */
  readonly names?: readonly string[];
}

/** The rule cannot tell here: said aloud, since silence would read as "all is well". */
export interface NotApplicable {
  /** Reads after "not applicable, because". */
  readonly because: string;
  /** How to get what is missing. */
  readonly getItWith?: string;
  readonly place?: SourceRange;
}

export interface RuleContext {
  readonly graph: ProcessGraph;
  readonly pipeline: Pipeline;
  /** Who gives to a channel, who takes from it, what waits where. The passes are computed when first asked for. */
  readonly channels: Channels;
  /** What flows on a channel, and the tasks of a call, item by item. */
  readonly model: ChannelModel;
  /** Numbers for the counts in formulas, where they are known. */
  readonly binding: Binding;
  /** What waits for more than it gets. */
  readonly waits: AvoidableWaits;
  /** What the commands of a call's script do. */
  readonly scripts: Scripts;
  /** What runs tell about the tasks of each call. */
  readonly evidence: Evidence;
  /** What tasks asked for, used and lost, and what they should ask for. */
  readonly sizing: Sizing;
  /** What is really read of what is waited for. */
  readonly needs: Needs;
  readonly parallelism: Parallelism;
  /** None, one, or many items on a channel. */
  readonly counts: ItemCounts;
  /** Which channels are in step. */
  readonly orders: ArrivalOrders;
  /** Levels, width, longest chain. */
  readonly shape: Shape;
  /** In rules of the last round only (`last`): all suppression comments, with what they were used for. */
  readonly suppressions: readonly Suppression[];
}

export interface Rule {
  /** Names the failing thing and is the file's name. */
  readonly id: string;
  /** One line for lists. */
  readonly title: string;
  readonly severity: Severity;
  readonly fixable: boolean;
  readonly requires: readonly Requirement[];
  /** Why what its findings save cannot be simulated; a rule whose findings name a change has none. */
  readonly unsaved?: string;
  /** Run after all others, when it is known which suppression comments were used. */
  readonly last?: boolean;
  /** Markdown with the headings of `DOC_HEADINGS`. */
  readonly docs: string;
  check(context: RuleContext): Iterable<FoundHere | NotApplicable>;
}

export const DOC_HEADINGS = ['What it finds', 'Why it costs you', 'How to fix', 'Fix safety', 'When to ignore it', 'References'] as const;

export function defineRule(rule: Rule): Rule {
  return rule;
}
