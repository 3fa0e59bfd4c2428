/**
 * What a run on the cloud cost, from its trace. A trace says on what kind of machine a task ran, and when; how many machines there were is worked out
 * by putting the tasks on as few as held them. A task whose wait was too short for a machine to start ran on one that was there already; where
 * none of the run's own tasks had been on it, others share the queue, and the bill is split with them.
 */
import { type Amount, amountOf, type Price, sumOf } from './money.ts';
import type { Machine, PriceBook } from './price-book.ts';
import type { Market } from './price-file.ts';
import { costOfRun, GIB, type MachineUse, type RunCost, type TaskUse } from './run-cost.ts';

export interface RecordedTask {
  readonly call: string;
  /** `m6i.16xlarge`. */
  readonly machineType: string;
  /** `eu-west-1a`: machines are not shared across zones. */
  readonly zone: string;
  readonly region: string;
  readonly market: Market;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** Seconds, of one clock. `start` to `complete` holds staging; `realtime` seconds of it the script alone. */
  readonly submit: number;
  readonly start: number;
  readonly complete: number;
  readonly realtime: number;
  readonly useful: boolean;
  /** What the platform put down for it, in US dollars (`cost` of Seqera Platform). */
  readonly statedUsd?: number;
}

export interface RecordedRunConstants {
  /** Seconds that a machine is paid before its first task starts: boot and pull of the image. */
  readonly bootSeconds: number;
  /** Seconds that it is paid after its last task. */
  readonly idleTailSeconds: number;
  /** A wait shorter than this was no wait for a machine to start. */
  readonly warmWaitSeconds: number;
  /** The share of spot hours that is charged: nothing is for a machine that AWS takes away in its first hour. */
  readonly spotCharged: number;
}

/**
 * Set on one run by its bill: nf-core/rnaseq 3.19.0 with plain S3 on AWS Batch, spot, eu-west-1, 2025-09 (bench/bills). No machine started in less than
 * 100 s there; boot and tail are of the order of AWS's and Nextflow's times, and what was left after them is not charged.
 */
export const RECORDED_RUN_CONSTANTS: RecordedRunConstants = {
  bootSeconds: 90,
  idleTailSeconds: 90,
  warmWaitSeconds: 60,
  spotCharged: 0.955,
};

export interface RecordedRunCost {
  /** The bill. Of machines that others share: the middle of the range, as a ratio, for want of knowing who else was there. */
  readonly expected: Amount;
  /** As if every machine was full all the time. */
  readonly low: number;
  /** As if nobody else used the machines. */
  readonly high: number;
  /**
   * Each task's share of its machine, of vCPUs or of memory, whichever is more, while it ran: what Seqera Platform reports. No idle time is in it.
   */
  readonly taskCost: Amount;
  /** The part of `taskCost` in which scripts did not run: staging, and the start of containers. */
  readonly stagingCost: number;
  /** Machines, calls, idle time and retries, as if nobody else used the machines. */
  readonly alone: RunCost;
  readonly machines: readonly MachineUse[];
  /** Kinds of machines that were warm although none of these tasks had run on one. */
  readonly foundWarm: number;
}

/** @throws RangeError when a task ends before it begins. */
export function costOfRecordedRun(
  tasks: readonly RecordedTask[],
  prices: PriceBook,
  constants: RecordedRunConstants = RECORDED_RUN_CONSTANTS,
): RecordedRunCost {
  const { currency } = prices;
  const stated = statedPrices(tasks, prices);
  const { machines, uses, foundWarm } = rebuiltMachines(tasks, prices, stated, constants);
  const alone = costOfRun({ machines, tasks: uses }, prices);
  const costs = tasks.map((task) =>
    amountOf(
      stated.get(kindOf(task)) ?? prices.hour(task.machineType, task.region, task.market),
      (fuller(task, prices.machine(task.machineType)) * (task.complete - task.start)) / 3600,
      currency,
    ),
  );
  const taskCost = sumOf(currency, costs);
  const low = taskCost.priced;
  const charged = machines.reduce((sum, { market, price, type, region, from, to }) => {
    const whole = amountOf(price ?? prices.hour(type, region, market), (to - from) / 3600, currency).priced;
    return sum + whole * (market === 'spot' ? constants.spotCharged : 1);
  }, 0);
  const high = Math.max(low, charged);
  return {
    expected: { ...alone.machines, priced: foundWarm > 0 ? Math.sqrt(low * high) : high },
    low,
    high,
    taskCost,
    stagingCost: tasks.reduce((sum, { realtime, start, complete }, at) => {
      const ran = complete - start;
      return sum + (ran === 0 ? 0 : (costs[at] as Amount).priced * Math.max(0, 1 - realtime / ran));
    }, 0),
    alone,
    machines,
    foundWarm,
  };
}

function kindOf({ machineType, zone, market }: RecordedTask): string {
  return `${machineType} ${zone} ${market}`;
}

/** The share of the machine that nobody else can have: of vCPUs or of memory, whichever is more. */
function fuller({ cpus, memoryBytes }: RecordedTask, machine: Machine | undefined): number {
  return machine === undefined ? 1 : Math.min(1, Math.max(cpus / machine.vcpus, memoryBytes / GIB / machine.memoryGib));
}

/** What an hour of each kind of machine cost then, from what the platform put down for its tasks: spot prices are of the day and the zone. */
function statedPrices(tasks: readonly RecordedTask[], prices: PriceBook): ReadonlyMap<string, Price> {
  const rates = new Map<string, number[]>();
  // Stated in dollars.
  if (prices.currency !== 'USD') return new Map();
  for (const task of tasks) {
    const machine = prices.machine(task.machineType);
    if (machine === undefined) continue;
    // The platform counts whole vCPUs: 1 cpu with 6 GiB, of 4 GiB a vCPU, are two. So the rates of one kind of machine agree within 2 %, and not otherwise.
    const share = Math.ceil(fuller(task, machine) * machine.vcpus - 1e-9) / machine.vcpus;
    const hours = ((task.complete - task.start) * share) / 3600;
    if (!(hours > 0) || !(task.statedUsd !== undefined && task.statedUsd > 0)) continue;
    const kind = kindOf(task);
    const rate = task.statedUsd / hours;
    const known = rates.get(kind);
    if (known === undefined) rates.set(kind, [rate]);
    else known.push(rate);
  }
  const middle = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)] as number;
  return new Map(
    [...rates].map(([kind, some]) => [
      kind,
      {
        amount: middle(some.sort((a, b) => a - b)),
        currency: 'USD',
        per: 'h',
        basis: 'estimated',
        source: 'what the trace says its tasks cost',
      },
    ]),
  );
}

interface Rebuilt {
  readonly id: string;
  readonly first: RecordedTask;
  last: number;
  running: RecordedTask[];
  freeCpus: number;
  freeMemory: number;
}

/** First fit by start: the machine that has run longest takes a task if it holds it; one that has been idle for too long is gone. */
function rebuiltMachines(
  tasks: readonly RecordedTask[],
  prices: PriceBook,
  stated: ReadonlyMap<string, Price>,
  { bootSeconds, idleTailSeconds, warmWaitSeconds }: RecordedRunConstants,
): { machines: MachineUse[]; uses: TaskUse[]; foundWarm: number } {
  const groups = new Map<string, Rebuilt[]>();
  const all: Rebuilt[] = [];
  const seen = new Set<string>();
  const uses: TaskUse[] = [];
  let foundWarm = 0;
  for (const task of [...tasks].sort((a, b) => a.start - b.start || a.complete - b.complete)) {
    const key = kindOf(task);
    const alive = (groups.get(key) ?? []).filter(({ last }) => last + idleTailSeconds >= task.start);
    groups.set(key, alive);
    for (const machine of alive) leave(machine, task.start);
    let machine = alive.find(({ freeCpus, freeMemory }) => freeCpus >= task.cpus && freeMemory >= task.memoryBytes);
    if (machine === undefined) {
      machine = opened(`${key} ${all.length + 1}`, task, prices.machine(task.machineType));
      alive.push(machine);
      all.push(machine);
      // Of a kind that this run had already, the machine may be one of its own that was thought to be gone.
      if (!seen.has(key) && task.start - task.submit < warmWaitSeconds) foundWarm += 1;
      seen.add(key);
    }
    machine.running.push(task);
    machine.freeCpus -= task.cpus;
    machine.freeMemory -= task.memoryBytes;
    machine.last = Math.max(machine.last, task.complete);
    const { call, cpus, memoryBytes, start, complete, useful } = task;
    uses.push({ machine: machine.id, call, cpus, memoryBytes, from: start, to: complete, useful });
  }
  const machines = all.map(({ id, first, last }): MachineUse => {
    const price = stated.get(kindOf(first));
    return {
      id,
      type: first.machineType,
      region: first.region,
      market: first.market,
      from: first.start - bootSeconds,
      to: last + idleTailSeconds,
      ...(price === undefined ? {} : { price }),
    };
  });
  return { machines, uses, foundWarm };
}

const MIB = 2 ** 20;
/** Of the memory that a machine is sold with Linux sees this much (1,037 types of AWS: 0.90 to 0.967, more of larger ones), less the agent's 32 MiB. */
const VISIBLE = 0.96;
const AGENT_MIB = 32;

function opened(id: string, first: RecordedTask, shape: Machine | undefined): Rebuilt {
  const visible = shape === undefined ? 0 : (shape.visibleMemoryMib ?? shape.memoryGib * 1024 * VISIBLE) - AGENT_MIB;
  // A task ran there, whatever the tables say.
  const freeCpus = Math.max(shape?.vcpus ?? 0, first.cpus);
  return { id, first, last: first.complete, running: [], freeCpus, freeMemory: Math.max(visible * MIB, first.memoryBytes) };
}

function leave(machine: Rebuilt, now: number): void {
  if (machine.running.every(({ complete }) => complete > now)) return;
  for (const { complete, cpus, memoryBytes } of machine.running)
    if (complete <= now) {
      machine.freeCpus += cpus;
      machine.freeMemory += memoryBytes;
    }
  machine.running = machine.running.filter(({ complete }) => complete > now);
}
