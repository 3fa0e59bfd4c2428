/** Files that go from calls on one part of a platform to calls on another: how much at most, and what it costs to get it out of a cloud. */
import { declaredElements } from '../../parser/graph/declared-elements.ts';
import type { ProcessCall, ProcessEdge, ProcessGraph } from '../../parser/graph/process-graph.ts';
import { outputNumber, signatureOf } from '../../parser/graph/process-io.ts';
import { hasRun } from '../../parser/trace/trace-run.ts';
import { figure } from '../amounts.ts';
import { transferCost } from '../cost/beside-machines.ts';
import type { MissingPrice } from '../cost/money.ts';
import type { PriceBook } from '../cost/price-book.ts';
import { GIB } from '../cost/run-cost.ts';
import type { CallEvidence, Evidence } from '../estimate/evidence.ts';
import type { ChosenPlatform } from '../simulate/platforms/choice.ts';

export interface Transfer {
  /** Calls of which something goes elsewhere, each once for each part to which it goes. */
  readonly crossings: readonly Crossing[];
  /** Bytes at most, of those of which it is known. */
  readonly atMostBytes: number;
  /** Calls of which nobody knows how much. */
  readonly unknown: readonly ProcessCall[];
  /** What it costs, in the currency of the prices, as if all that is written were handed on. Absent without prices, and where one is missing or `unpaid` is not empty. */
  readonly cost?: number;
  readonly missing?: MissingPrice;
  /** Of `unknown` those that come out of a cloud: what that costs is in no figure. */
  readonly unpaid: readonly ProcessCall[];
}

export interface Crossing {
  readonly call: ProcessCall;
  /** Numbers of parts. */
  readonly from: number;
  readonly to: number;
  /** All that its tasks wrote (`wchar`), scratch files and pipes among it: no more than that is handed on. Absent where no run says. */
  readonly atMostBytes?: number;
}

export interface TransferParts {
  readonly graph: ProcessGraph;
  readonly evidence: Evidence;
  /** Of each call that runs: the part on which it does, and how many tasks it has. */
  readonly placed: ReadonlyMap<ProcessCall, { readonly on: number; readonly tasks: number }>;
  readonly parts: readonly ChosenPlatform[];
  readonly prices: PriceBook | undefined;
}

export function transferOf({ graph, evidence, placed, parts, prices }: TransferParts): Transfer {
  const crossings = new Map<string, Crossing>();
  for (const edge of graph.edges) {
    const { from, to } = edge;
    if (!('id' in from) || edge.active === false) continue;
    const [here, there] = [placed.get(from), placed.get(to)];
    if (here === undefined || there === undefined || here.on === there.on || !carriesFiles(edge, from)) continue;
    const key = `${from.id} ${there.on}`;
    if (crossings.has(key)) continue;
    const written = meanWritten(evidence.of(from));
    crossings.set(key, {
      ...{ call: from, from: here.on, to: there.on },
      ...(written !== undefined && { atMostBytes: written * here.tasks }),
    });
  }
  const all = [...crossings.values()];
  const unknown = all.filter(({ atMostBytes }) => atMostBytes === undefined);
  const unpaid = unknown.filter(({ from }) => cloudOf(parts[from]) !== undefined);
  const paid = prices === undefined || unpaid.length > 0 ? undefined : costOf(all, parts, prices);
  return {
    crossings: all,
    atMostBytes: all.reduce((sum, { atMostBytes = 0 }) => sum + atMostBytes, 0),
    unknown: calls(unknown),
    unpaid: calls(unpaid),
    ...(typeof paid === 'number' ? { cost: paid } : paid && { missing: paid }),
  };
}

/** What is taken for granted of it. */
export function transferAssumptions({ crossings, unknown, atMostBytes }: Transfer): string[] {
  const known = calls(crossings.filter((one) => one.atMostBytes !== undefined));
  return [
    ...(known.length === 0
      ? []
      : [
          `at most ${figure(atMostBytes / GIB)} GB go from one platform to another: all that tasks of ${namesOf(known)} wrote (wchar), scratch files among it, each once`,
        ]),
    ...(unknown.length === 0
      ? []
      : [
          `how much goes from ${namesOf(unknown)} to another platform is not known and in no cost: --trace of a run with the field wchar tells at most how much`,
        ]),
    'what it takes to bring files from one platform to another is in no time, and what no call makes (reads, references) is taken to be there',
  ];
}

function namesOf(some: readonly ProcessCall[]): string {
  return [...new Set(some.map(({ name }) => name))].join(', ');
}

function calls(crossings: readonly Crossing[]): ProcessCall[] {
  return [...new Set(crossings.map(({ call }) => call))];
}

/** What comes into a cloud, or goes from one cluster of one's own to another, is not paid for by the GB. */
function costOf(crossings: readonly Crossing[], parts: readonly ChosenPlatform[], prices: PriceBook): number | MissingPrice {
  let sum = 0;
  for (const { from, to, atMostBytes = 0 } of crossings) {
    const [out, into] = [cloudOf(parts[from]), cloudOf(parts[to])];
    if (out === undefined) continue;
    const { priced, missing } = transferCost(prices, {
      ...out,
      gb: atMostBytes / GIB,
      to: into?.provider === out.provider ? into.region : 'internet',
    });
    if (missing[0] !== undefined) return missing[0];
    sum += priced;
  }
  return sum;
}

function cloudOf(part: ChosenPlatform | undefined): { readonly provider: 'aws' | 'gcp' | 'azure'; readonly region: string } | undefined {
  const { provider, region = part?.alwaysOn?.region } = part ?? {};
  return (provider === 'aws' || provider === 'gcp' || provider === 'azure') && region !== undefined ? { provider, region } : undefined;
}

const NO_FILES: ReadonlySet<string> = new Set(['val', 'env', 'stdout', 'eval']);

/** What is not known to be values alone may be files. */
function carriesFiles({ port }: ProcessEdge, { process }: ProcessCall): boolean {
  const output = signatureOf(process).outputs[outputNumber(process, port)];
  if (output === undefined) return true;
  const { elements } = declaredElements(output.statement);
  return elements.length === 0 || elements.some(({ qualifier }) => !NO_FILES.has(qualifier));
}

/** Bytes of a task, over those that ran to their end and say so. `write_bytes` would lack what never came to a disk of the machine, as on object stores. */
function meanWritten(measured: CallEvidence | undefined): number | undefined {
  let [sum, tasks] = [0, 0];
  for (const { run, rows } of measured?.rows ?? [])
    for (const row of rows) {
      const bytes = run.writeCharBytes[row] as number;
      if (!hasRun(run, row) || Number.isNaN(bytes)) continue;
      sum += bytes;
      tasks += 1;
    }
  return tasks === 0 ? undefined : sum / tasks;
}
