/**
 * From what machines ran when, and what ran on them, to money: in all, per call, idle, retried, per sample. Of a machine's hour each task
 * has the share that it asked for; what nobody asked for is idle, and falls on the tasks of that machine in proportion to their shares, as
 * AWS splits its bills.
 */
import { type Amount, amountOf, type Price, sumOf, totalOf } from './money.ts';
import type { PriceBook } from './price-book.ts';
import type { Market } from './price-file.ts';

/** Seconds, from any beginning that all share. */
export interface MachineUse {
  readonly id: string;
  /** As the provider names it: `m6i.4xlarge`. */
  readonly type: string;
  readonly region: string;
  readonly market: Market;
  /** From when it is paid (booting is), to when it is gone. */
  readonly from: number;
  readonly to: number;
  /** Of an hour, where it is known for this very machine; else the price book's. */
  readonly price?: Price;
  /** A disk of its own, paid for as long as the machine. */
  readonly diskGb?: number;
}

export interface TaskUse {
  /** The `id` of a machine. */
  readonly machine: string;
  readonly call: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly gpus?: number;
  readonly from: number;
  readonly to: number;
  /** Whether what it made was of use; what failed, or was lost with its machine, was not. */
  readonly useful: boolean;
}

export interface CallCost {
  readonly call: string;
  readonly tasks: number;
  /** The shares that its tasks asked for. */
  readonly used: number;
  /** Their part of what was idle beside them. */
  readonly idle: number;
  /** Of `used` and `idle` together: tries that came to nothing. */
  readonly retries: number;
}

export interface RunCost {
  /** Machines and their disks. */
  readonly total: Amount;
  readonly machines: Amount;
  readonly disks: Amount;
  readonly machineHours: number;
  /** Without a price. */
  readonly unpricedHours: number;
  /** Of the priced machines. */
  readonly used: number;
  readonly idle: number;
  readonly retries: number;
  /** idle / (used + idle); absent where nothing has a price. */
  readonly idleShare?: number;
  /** The dearest first. */
  readonly calls: readonly CallCost[];
  /** Of machines on which nothing ran. */
  readonly unattributed: number;
  /** `total` for each of `samples`; absent as long as a part has no price. */
  readonly perSample?: number;
}

export interface RunCostOptions {
  readonly samples?: number;
  /** The service that a machine's disk is of. */
  readonly disk?: string;
}

export const GIB = 2 ** 30;
export const HOURS_A_MONTH = 730;
/** A vCPU weighs as much as 9 GiB: so AWS splits the cost of a machine among its containers (split cost allocation), and so far apart are their prices on Fargate. */
const GIB_PER_VCPU = 9;

/** The share of a machine that a task asks for. The shares of tasks that fit beside one another are never more than 1. */
export function shareOf(
  task: Pick<TaskUse, 'cpus' | 'memoryBytes' | 'gpus'>,
  machine: { readonly vcpus: number; readonly memoryGib: number; readonly gpus?: number },
): number {
  const share = (GIB_PER_VCPU * task.cpus + task.memoryBytes / GIB) / (GIB_PER_VCPU * machine.vcpus + machine.memoryGib);
  // Where somebody wants GPUs the machine is there for them.
  const { gpus = 0 } = machine;
  return gpus > 0 && task.gpus !== undefined ? Math.max(share, Math.min(1, task.gpus / gpus)) : share;
}

/** Paid by the second, and at least for a minute (AWS, Google). */
export function billedHours(seconds: number, minimumSeconds: number): number {
  return Math.max(Math.ceil(seconds), minimumSeconds) / 3600;
}

/** @throws RangeError when a task ran on a machine that is not there, or something ends before it begins. */
export function costOfRun(
  { machines, tasks }: { readonly machines: Iterable<MachineUse>; readonly tasks: Iterable<TaskUse> },
  prices: PriceBook,
  { samples, disk = 'aws/ebs/gp3_storage' }: RunCostOptions = {},
): RunCost {
  const { currency } = prices;
  const minimum = prices.fact('aws/ec2/minimum_billing');
  const bills = new Map<string, MachineBill>();
  const disks: Amount[] = [];
  for (const machine of machines) {
    checkTimes(machine, machine.id);
    const hours = billedHours(machine.to - machine.from, minimum);
    const shape = prices.machine(machine.type);
    bills.set(machine.id, {
      hours,
      shape,
      amount: amountOf(machine.price ?? prices.hour(machine.type, machine.region, machine.market), hours, currency),
      shareHours: 0,
      calls: new Map(),
    });
    if (machine.diskGb !== undefined)
      disks.push(amountOf(prices.service(disk, machine.region), (machine.diskGb * hours) / HOURS_A_MONTH, currency));
  }
  for (const task of tasks) {
    checkTimes(task, task.call);
    const bill = bills.get(task.machine);
    if (bill === undefined) throw new RangeError(`${task.call} ran on ${task.machine}, which is no machine of this run`);
    const shareHours = bill.shape === undefined ? 0 : (shareOf(task, bill.shape) * (task.to - task.from)) / 3600;
    let ofCall = bill.calls.get(task.call);
    if (ofCall === undefined) bill.calls.set(task.call, (ofCall = { tasks: 0, shareHours: 0, wastedHours: 0 }));
    ofCall.tasks += 1;
    ofCall.shareHours += shareHours;
    if (!task.useful) ofCall.wastedHours += shareHours;
    bill.shareHours += shareHours;
  }
  const calls = new Map<string, { tasks: number; used: number; idle: number; retries: number }>();
  for (const { amount, hours, shareHours: all, calls: here } of bills.values())
    for (const [call, { tasks, shareHours, wastedHours }] of here) {
      let cost = calls.get(call);
      if (cost === undefined) calls.set(call, (cost = { tasks: 0, used: 0, idle: 0, retries: 0 }));
      cost.tasks += tasks;
      if (all === 0) continue;
      // Tasks that together ask for more than the machine has share what there is.
      const used = amount.priced / Math.max(hours, all);
      const whole = amount.priced / all;
      cost.used += used * shareHours;
      cost.idle += (whole - used) * shareHours;
      cost.retries += whole * wastedHours;
    }
  const all = [...bills.values()];
  const paid = sumOf(
    currency,
    all.map(({ amount }) => amount),
  );
  const ofDisks = sumOf(currency, disks);
  const total = sumOf(currency, [paid, ofDisks]);
  const sum = (of: (cost: { used: number; retries: number }) => number): number =>
    [...calls.values()].reduce((all, one) => all + of(one), 0);
  const used = sum((cost) => cost.used);
  const whole = totalOf(total);
  return {
    total,
    machines: paid,
    disks: ofDisks,
    machineHours: all.reduce((hours, bill) => hours + bill.hours, 0),
    unpricedHours: all.reduce((hours, bill) => hours + (bill.amount.missing.length > 0 ? bill.hours : 0), 0),
    used,
    idle: Math.max(0, paid.priced - used),
    retries: sum((cost) => cost.retries),
    ...(paid.priced > 0 ? { idleShare: Math.max(0, 1 - used / paid.priced) } : {}),
    calls: [...calls]
      .map(([call, cost]) => ({ call, ...cost }))
      .sort((a, b) => b.used + b.idle - a.used - a.idle || (a.call < b.call ? -1 : 1)),
    unattributed: all.reduce((rest, bill) => rest + (bill.shareHours === 0 ? bill.amount.priced : 0), 0),
    ...(samples === undefined || whole === undefined ? {} : { perSample: whole / samples }),
  };
}

interface MachineBill {
  readonly hours: number;
  readonly shape: { readonly vcpus: number; readonly memoryGib: number; readonly gpus?: number } | undefined;
  readonly amount: Amount;
  /** Hours of tasks, each weighed by its share. */
  shareHours: number;
  readonly calls: Map<string, { tasks: number; shareHours: number; wastedHours: number }>;
}

function checkTimes({ from, to }: { readonly from: number; readonly to: number }, what: string): void {
  if (!(to >= from)) throw new RangeError(`${what} ends before it begins`);
}
