/** Files that go from calls on one part of a platform to calls on another: how much at most, and what it costs to get it out of a cloud. */
import { declaredElements } from '../../../parser/graph/declared-elements.ts';
import type { ProcessCall, ProcessEdge, ProcessGraph } from '../../../parser/graph/process-graph.ts';
import { outputNumber, signatureOf } from '../../../parser/graph/process-io.ts';
import { hasRun } from '../../../parser/trace/trace-run.ts';
import { figure } from '../../amounts.ts';
import { transferCost } from '../../cost/beside-machines.ts';
import type { MissingPrice } from '../../cost/money.ts';
import type { PriceBook } from '../../cost/price-book.ts';
import { GIB } from '../../cost/run-cost.ts';
import type { CallEvidence, Evidence } from '../../estimate/evidence.ts';
import type { ChosenPlatform } from '../../simulate/platforms/choice.ts';

export interface Transfer {
  /** Calls of which something goes elsewhere, each once for each part to which it goes. */
  readonly crossings: readonly Crossing[];
  /** Calls of which nobody knows how much. */
  readonly unknown: readonly ProcessCall[];
  /** What it costs, in the currency of the prices. Absent without prices, and where one is missing or `unpaid` is not empty. */
  readonly cost?: AtMost;
  readonly missing?: MissingPrice;
  /** Of `unknown` those that come out of a cloud: what that costs is in no figure. */
  readonly unpaid: readonly ProcessCall[];
}

/** As if all that is written were handed on. */
export interface AtMost {
  /** By what was written to disks (`write_bytes`), where that may be all that stays: no less than a hundredth of `wchar`. Else as `high`. */
  readonly expected: number;
  /** By all that was written (`wchar`), scratch files and pipes among it. */
  readonly high: number;
}

export interface Crossing {
  readonly call: ProcessCall;
  /** Numbers of parts. */
  readonly from: number;
  readonly to: number;
  /** Of all its tasks. Absent where no run says. */
  readonly bytes?: AtMost;
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
  for (const edge of graph.openEdges) {
    const { from, to } = edge;
    if (!('id' in from)) continue;
    const [here, there] = [placed.get(from), placed.get(to)];
    if (here === undefined || there === undefined || here.on === there.on || !carriesFiles(edge, from)) continue;
    const key = `${from.id} ${there.on}`;
    if (crossings.has(key)) continue;
    const written = meanWritten(evidence.of(from));
    crossings.set(key, {
      ...{ call: from, from: here.on, to: there.on },
      ...(written && { bytes: scaled(written, here.tasks) }),
    });
  }
  const all = [...crossings.values()];
  const unknown = all.filter(({ bytes }) => bytes === undefined);
  const unpaid = unknown.filter(({ from }) => cloudOf(parts[from]) !== undefined);
  const paid = prices === undefined || unpaid.length > 0 ? undefined : costOf(all, parts, prices);
  return {
    crossings: all,
    unknown: calls(unknown),
    unpaid: calls(unpaid),
    ...(paid && ('missing' in paid ? { missing: paid } : { cost: paid })),
  };
}

/** What is taken for granted of it. */
export function transferAssumptions({ crossings, unknown }: Transfer): string[] {
  const known = calls(crossings.filter(({ bytes }) => bytes !== undefined));
  const { expected, high } = bytesOf(crossings);
  const [least, most] = [figure(expected / GIB), figure(high / GIB)];
  return [
    ...(known.length === 0
      ? []
      : [
          `at most ${most} GB go from one platform to another: all that tasks of ${namesOf(known)} wrote (wchar), pipes and scratch files among it, each once${
            least === most ? '' : `; ${least} GB of it came to disks (write_bytes), which the cost expects`
          }`,
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
function costOf(crossings: readonly Crossing[], parts: readonly ChosenPlatform[], prices: PriceBook): AtMost | MissingPrice {
  let [expected, high] = [0, 0];
  for (const { from, to, bytes = NOTHING } of crossings) {
    const [out, into] = [cloudOf(parts[from]), cloudOf(parts[to])];
    if (out === undefined) continue;
    const { priced, missing } = transferCost(prices, {
      ...out,
      gb: bytes.high / GIB,
      to: into?.provider === out.provider ? into.region : 'internet',
    });
    if (missing[0] !== undefined) return missing[0];
    high += priced;
    expected += bytes.high === 0 ? 0 : (priced * bytes.expected) / bytes.high;
  }
  return { expected, high };
}

const NOTHING: AtMost = { expected: 0, high: 0 };

function scaled({ expected, high }: AtMost, by: number): AtMost {
  return { expected: expected * by, high: high * by };
}

/** Of all of which it is known. */
export function bytesOf(crossings: readonly Crossing[]): AtMost {
  return crossings.reduce(
    (sum, { bytes = NOTHING }) => ({ expected: sum.expected + bytes.expected, high: sum.high + bytes.high }),
    NOTHING,
  );
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

/** Where less came to disks, work folders lay on none of the machine (object stores, Fusion): nothing is said of what stays. */
const LEAST_ON_DISK = 0.01;

/** Of a task, over those that ran to their end and say so. */
function meanWritten(measured: CallEvidence | undefined): AtMost | undefined {
  let [written, onDisk, tasks] = [0, 0, 0];
  for (const { run, rows } of measured?.rows ?? [])
    for (const row of rows) {
      const bytes = run.writeCharBytes[row] as number;
      const toDisk = run.writeBytes[row] as number;
      if (!hasRun(run, row) || Number.isNaN(bytes)) continue;
      written += bytes;
      onDisk += toDisk >= LEAST_ON_DISK * bytes ? Math.min(bytes, toDisk) : bytes;
      tasks += 1;
    }
  return tasks === 0 ? undefined : { expected: onDisk / tasks, high: written / tasks };
}
