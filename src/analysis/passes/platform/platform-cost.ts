/** What runs on a platform cost: machines that were rented, or core hours of a cluster. A range over worlds, widened by what nobody knows of prices and of sharing. */
import { alwaysOnCost, coreHoursCost } from '../../cost/beside-machines.ts';
import { type Carbon, carbonOf } from '../../cost/carbon.ts';
import { isMissing, type MissingPrice, type PriceBasis, totalOf } from '../../cost/money.ts';
import type { PriceBook } from '../../cost/price-book.ts';
import type { Market } from '../../cost/price-file.ts';
import { type CallCost, costOfRun, type MachineUse, type TaskUse } from '../../cost/run-cost.ts';
import type { Estimate } from '../../estimate/estimate.ts';
import type { ChosenPlatform } from '../../simulate/platforms/choice.ts';
import type { Request } from '../../simulate/platforms/platform.ts';
import { partsOf } from '../../simulate/platforms/split.ts';
import { nameOf, Random } from '../../simulate/random.ts';
import type { Simulation } from '../../simulate/simulate.ts';
import type { TaskGraph } from '../../simulate/task-graph.ts';
import { rangeOf, sidedFactor } from '../../simulate/worlds.ts';
import { type CostCauses, causesOf, DRAWS, eightOfTen, FILLING } from './cost-range.ts';
import type { AtMost } from './transfer.ts';

export interface PlatformCost {
  /** In the price book's currency. */
  readonly cost: Estimate;
  /** Of how far it may be off (the variance of its logarithm), what comes of each cause; they add up to 1. Absent where there is one number. */
  readonly offBy?: CostCauses;
  /** Of machines, in the world with the middle cost: what of it nobody asked for, 0 to 1, and whose the rest is, the dearest first. */
  readonly idleShare?: number;
  readonly calls?: readonly PaidCall[];
  /** With what calls pay, that run's cost. */
  readonly beside?: BesideCalls;
  /** Those that run where nobody says what it costs, with the cpu hours that their tasks hold: they are in no figure of money. */
  readonly unpriced?: readonly { readonly call: string; readonly cpuHours: number }[];
  /** Of machines, `unit` `kg` of CO2 equivalent and `kWh`; absent as long as a factor of one machine is not known. */
  readonly carbon?: { readonly emitted: Estimate; readonly energy: Estimate };
}

/** What of a cost is no call's. */
interface BesideCalls {
  /** Machines on which no task ran. */
  readonly machines: number;
  readonly disks: number;
  /** What goes from one part of the platform to another. */
  readonly transfer: number;
}

/** Of core hours nothing is idle. */
type PaidCall = Pick<CallCost, 'call' | 'used' | 'idle'>;

/** Of one run. */
interface Bill {
  /** The run did not come to its end: its bill is no run's. */
  readonly unfinished?: true;
  readonly expected: number;
  /**
   * With its prices drawn, and how full machines are, again and again: by luck that platforms share which pay the same prices, so that the difference of two of them is not noise.
   */
  readonly drawn: readonly number[];
  /** The same with the one drawn alone. Absent where nothing of it is. */
  readonly priced?: readonly number[];
  readonly filled?: readonly number[];
  readonly idleShare?: number;
  readonly calls?: readonly PaidCall[];
  readonly beside?: BesideCalls;
  readonly unpriced?: PlatformCost['unpriced'];
  readonly carbon?: Carbon;
}

const CARBON_SOURCE =
  'Cloud Carbon Footprint: machines from at rest to at work all the time, half of each expected; what it took to build them is not in it';
type Factors = readonly [least: number, most: number];

/** How far a price may be off, as factors. */
const OFF: Readonly<Record<PriceBasis, Factors>> = {
  listed: [1, 1],
  declared: [1, 1],
  derived: [0.9, 1.1],
  estimated: [0.7, 1.5],
  unverified: [0.5, 2],
};
/** Spot's price moves: at its dearest it is that on demand. */
const CHEAPEST_SPOT = 0.7;
/** Of the bills of six runs on AWS Batch 54 to 73 % was for what no task had asked for (docs/model.md, "Cost"). */
const [LEAST_IDLE, MOST_IDLE] = [0.54, 0.73];
/** The root disk of ECS's image, which all tasks of a machine share (cost.md 1.3); a launch template may give more. */
const ECS_DISK = { gb: 30, service: 'aws/ebs/gp3_storage' };

/** One platform, or one of those of which it is made. */
interface Part {
  readonly chosen: ChosenPlatform;
  /** Its number in what tasks ask for. */
  readonly on?: number;
}

/** Gathers the bills of a platform's worlds. */
export class PlatformBills {
  readonly #prices: PriceBook;
  readonly #parts: readonly Part[];
  readonly #free: readonly Part[];
  readonly #moved: AtMost | undefined;
  readonly #isMeanAlone: boolean;
  readonly #bills: Bill[] = [];
  #missing: MissingPrice | undefined;

  /**
   * @param moved what is paid in each run for files that go from one part of the platform to another; undefined: that is not in the costs
   * @param isMeanAlone nothing but the mean is asked for: nothing is drawn, and nothing told of calls
   */
  constructor(prices: PriceBook, chosen: ChosenPlatform, moved?: AtMost, isMeanAlone = false) {
    const parts = chosen.routed === undefined ? [{ chosen }] : partsOf(chosen).map((one, on): Part => ({ chosen: one, on }));
    this.#prices = prices;
    this.#parts = parts.filter((part) => isPriced(part.chosen, prices));
    this.#free = parts.filter((part) => !this.#parts.includes(part));
    this.#moved = moved;
    this.#isMeanAlone = isMeanAlone;
  }

  /** Why there is no cost. */
  get missing(): MissingPrice | undefined {
    return this.#missing;
  }

  /** Over worlds. */
  get mean(): number | undefined {
    if (this.#missing !== undefined || this.#bills.length === 0) return undefined;
    return this.#bills.reduce((sum, { expected }) => sum + expected, 0) / this.#bills.length;
  }

  /** Of each run, in the order in which they were added; those alone whose machines have prices. */
  get expected(): readonly number[] {
    return this.#bills.map(({ expected }) => expected);
  }

  /** What is in the costs, and what is not. */
  get covers(): readonly string[] {
    const of = ({ chosen: { region, alwaysOn, text, name }, on }: Part): string => {
      const where = on === undefined ? '' : ` on ${on === 0 ? name : text}`;
      const beside = this.#moved === undefined ? 'what is stored and moved' : 'what is stored';
      if (alwaysOn !== undefined) return `cost${where} is that of the machines alone: their disks, and ${beside}, are not in it`;
      if (region === undefined) return `cost${where} is that of the cluster’s core hours alone: ${beside} is not in it`;
      const gb = this.#diskGb({ name, region });
      const disk = gb === undefined ? '' : ` and their disks (${gb} GB each, as ECS’s image has)`;
      return `cost${where} is that of machines${disk} alone: ${beside}, and what larger disks cost, is not in it`;
    };
    return [...this.#parts.map(of), ...this.#free.map(({ chosen }) => `what ${chosen.text} costs is not in the cost: nobody says`)];
  }

  /** Of each run, with its prices drawn; NaN of one that does not come to its end. */
  get drawn(): readonly (readonly number[])[] {
    return this.#bills.map(({ drawn, unfinished }) => (unfinished ? drawn.map(() => Number.NaN) : drawn));
  }

  /** @param requests by group of the graph */
  add(run: Simulation, graph: TaskGraph, requests: readonly Request[]): void {
    const bills = this.#parts.map((part) => {
      const { region, alwaysOn } = part.chosen;
      const where = region ?? alwaysOn?.region;
      return where === undefined ? this.#ofCoreHours(run, graph, requests, part) : this.#ofMachines(run, graph, requests, part, where);
    });
    if (!bills.every((bill) => bill !== undefined)) return;
    const unpriced = this.#free.flatMap(({ on }) => cpuHoursByCall(run, graph, requests, on));
    const bill = together(bills, this.#movedIn(this.#bills.length));
    this.#bills.push({ ...bill, ...(unpriced.length > 0 && { unpriced }), ...(run.outcome !== 'completed' && { unfinished: true }) });
  }

  /** How much of what may go from one part to another does, nobody knows: as likely little as much. */
  #movedIn(world: number): Moved | undefined {
    if (this.#moved === undefined) return undefined;
    const { expected: low, high } = this.#moved;
    const luck = new Random(world).evenly(MOVED, DRAWS);
    return { expected: (low + high) / 2, drawn: Array.from(luck, (share) => low + (high - low) * share) };
  }

  /** @param known how durations are known */
  cost(known: Pick<Estimate, 'basis' | 'source'>): PlatformCost | undefined {
    const bills = this.#bills.filter(({ unfinished }) => unfinished !== true);
    if (this.#missing !== undefined || bills.length === 0) return undefined;
    const quantile = (share: number, of: (bill: Bill) => number): number => {
      const sorted = bills.map(of).sort((one, two) => one - two);
      return sorted[Math.round(share * (sorted.length - 1))] as number;
    };
    const expected = quantile(0.5, (bill) => bill.expected);
    const middle = bills.find((bill) => bill.expected === expected) as Bill;
    const guessed = bills.some((bill) => bill.drawn.some((one) => one !== bill.expected));
    const range = rangeOf(Float64Array.from(bills.flatMap((bill) => bill.drawn)));
    const offBy = causesOf(bills);
    const { id, currency } = this.#prices;
    const drawn = (of: (carbon: Carbon) => Carbon['grams'], unit: 'kg' | 'kWh', perUnit: number): Estimate => {
      const at = (share: number, which: keyof Carbon['grams']): number =>
        quantile(share, ({ carbon }) => (carbon === undefined ? 0 : of(carbon)[which])) / perUnit;
      return { low: at(0.1, 'low'), expected: at(0.5, 'expected'), high: at(0.9, 'high'), unit, basis: 'assumed', source: CARBON_SOURCE };
    };
    const isEmissionKnown = bills.every(({ carbon }) => carbon !== undefined && carbon.missing.length === 0);
    return {
      cost: {
        low: Math.min(expected, range.low),
        expected,
        high: Math.max(expected, range.high),
        unit: currency,
        basis: guessed ? 'assumed' : known.basis,
        source: `${id}; durations ${known.source}`,
      },
      ...(offBy && { offBy }),
      ...(isEmissionKnown && {
        carbon: { emitted: drawn(({ grams }) => grams, 'kg', 1000), energy: drawn(({ kilowattHours }) => kilowattHours, 'kWh', 1) },
      }),
      ...(middle.idleShare !== undefined && { idleShare: middle.idleShare }),
      ...(middle.calls !== undefined && { calls: middle.calls }),
      ...(middle.beside !== undefined && { beside: middle.beside }),
      ...(middle.unpriced !== undefined && { unpriced: middle.unpriced }),
    };
  }

  /** Of each machine; undefined where its price is not known. */
  #diskGb({ name, region }: Pick<ChosenPlatform, 'name' | 'region'>): number | undefined {
    return name !== 'aws-batch' || region === undefined || isMissing(this.#prices.service(ECS_DISK.service, region))
      ? undefined
      : ECS_DISK.gb;
  }

  #ofCoreHours(run: Simulation, graph: TaskGraph, requests: readonly Request[], part: Part): Bill | undefined {
    const hours = run.machines.reduce((sum, { busyCpuMs, on }) => sum + (on === part.on ? busyCpuMs : 0), 0) / MS_PER_HOUR;
    const amount = coreHoursCost(this.#prices, hours);
    const total = totalOf(amount);
    if (total === undefined) {
      this.#missing ??= amount.missing[0];
      return undefined;
    }
    const byCall = cpuHoursByCall(run, graph, requests, part.on);
    const all = byCall.reduce((sum, { cpuHours }) => sum + cpuHours, 0);
    const calls = byCall.map(({ call, cpuHours }) => ({ call, used: (total * cpuHours) / all, idle: 0 }));
    return { expected: total, drawn: new Array(DRAWS).fill(total), calls };
  }

  #ofMachines(run: Simulation, graph: TaskGraph, requests: readonly Request[], { chosen, on }: Part, region: string): Bill | undefined {
    const { alwaysOn, spot, name } = chosen;
    const market: Market = spot ? 'spot' : 'on-demand';
    const diskGb = this.#diskGb(chosen);
    const machines = run.machines.flatMap(({ kind, fromMs, toMs, on: part }, number): MachineUse[] =>
      part !== on
        ? []
        : [
            {
              id: String(number),
              type: alwaysOn?.type ?? kind,
              region,
              market,
              from: fromMs / 1000,
              to: toMs / 1000,
              ...(diskGb !== undefined && { diskGb }),
            },
          ],
    );
    const tasks = this.#isMeanAlone ? [] : tasksOf(run, graph, requests, on);
    const paid = costOfRun({ machines, tasks }, this.#prices, { disk: ECS_DISK.service });
    const whole = alwaysOn === undefined ? paid.total : alwaysOnCost(this.#prices, [alwaysOn], run.makespanMs / 3_600_000);
    const total = totalOf(whole);
    if (total === undefined) {
      this.#missing ??= whole.missing[0];
      return undefined;
    }
    if (this.#isMeanAlone) return { expected: total, drawn: [] };
    const [least, most] = this.#offBy(machines, region, market);
    // As idle as the machines of others were; those with GPUs are as full as their GPUs are.
    const ofGpus = name === 'aws-batch' ? this.#shareOfGpus(machines, market) * total : 0;
    const rest = total - ofGpus;
    // What costs nothing is neither fuller nor emptier.
    const of = (part: number): number => (total === 0 ? 1 : part / total);
    const used = paid.used * of(rest);
    const [fullest, emptiest] =
      name === 'aws-batch'
        ? [ofGpus + Math.min(rest, used / (1 - LEAST_IDLE)), ofGpus + Math.max(rest, used / (1 - MOST_IDLE))]
        : [total, total];
    const luck = new Random(this.#bills.length);
    const payer = nameOf(`prices of ${name}${spot ? ' on spot' : ''}`);
    const prices = Array.from(luck.evenly(payer, DRAWS), (share) => sidedFactor({ none: least, expected: 1, all: most }, share));
    const filling = Array.from(luck.evenly(FILLING, DRAWS), (share) => eightOfTen([of(fullest), of(emptiest)], share));
    return {
      expected: total,
      drawn: prices.map((factor, draw) => total * factor * (filling[draw] as number)),
      priced: prices.map((factor) => total * factor),
      filled: filling.map((factor) => total * factor),
      ...(paid.idleShare !== undefined && { idleShare: paid.idleShare }),
      calls: paid.calls,
      beside: { machines: total - paid.disks.priced - sumOf(paid.calls), disks: paid.disks.priced, transfer: 0 },
      carbon: carbonOf(machines, this.#prices),
    };
  }

  /** Of what machines cost, 0 to 1. */
  #shareOfGpus(machines: readonly MachineUse[], market: Market): number {
    let [all, own] = [0, 0];
    for (const { type, region, from, to } of machines) {
      const price = this.#prices.hour(type, region, market);
      if (isMissing(price)) continue;
      all += (to - from) * price.amount;
      if ((this.#prices.machine(type)?.gpus ?? 0) > 0) own += (to - from) * price.amount;
    }
    return all === 0 ? 0 : own / all;
  }

  /** By what factors the machines together may cost less or more. */
  #offBy(machines: readonly MachineUse[], region: string, market: Market): [number, number] {
    let [low, expected, high] = [0, 0, 0];
    for (const { type, from, to } of machines) {
      const price = this.#prices.hour(type, region, market);
      if (isMissing(price)) continue;
      const onDemand = market === 'spot' && price.basis !== 'declared' ? this.#prices.hour(type, region, 'on-demand') : undefined;
      const [least, most] = OFF[price.basis];
      const time = to - from;
      low += time * price.amount * (onDemand === undefined ? least : CHEAPEST_SPOT);
      expected += time * price.amount;
      high += time * (onDemand === undefined || isMissing(onDemand) ? price.amount * most : Math.max(price.amount, onDemand.amount));
    }
    return expected === 0 ? [1, 1] : [low / expected, high / expected];
  }
}

/** A machine of one's own has a price only where the user gives one: nobody misses it. */
function isPriced({ name }: ChosenPlatform, { coreHour }: PriceBook): boolean {
  return name !== 'local' || !isMissing(coreHour);
}

/** Whether anything of what runs there may have a price. */
export function hasPrice(chosen: ChosenPlatform, prices: PriceBook): boolean {
  return partsOf(chosen).some((part) => isPriced(part, prices));
}

/** Whether nothing of what runs there is left out of its cost. */
export function isWhollyPriced(chosen: ChosenPlatform, prices: PriceBook): boolean {
  return partsOf(chosen).every((part) => isPriced(part, prices));
}

/** Of several parts of a platform. What lies idle is a share of all that is paid. */
function together(bills: readonly Bill[], moved: Moved | undefined): Bill {
  const [alone, ...others] = bills as [Bill, ...Bill[]];
  if (others.length === 0 && moved === undefined) return alone;
  const sum = (of: (bill: Bill) => number, from = 0): number => bills.reduce((all, bill) => all + of(bill), from);
  const expected = sum((bill) => bill.expected, moved?.expected);
  const draws = [...alone.drawn.keys()];
  const idle = sum((bill) => (bill.idleShare ?? 0) * bill.expected);
  return {
    expected,
    drawn: draws.map((draw) => sum(({ drawn }) => drawn[draw] as number, moved?.drawn[draw])),
    priced: draws.map((draw) => sum(({ expected: own, priced }) => priced?.[draw] ?? own, moved?.expected)),
    filled: draws.map((draw) => sum(({ expected: own, filled }) => filled?.[draw] ?? own, moved?.expected)),
    ...(expected > 0 && bills.some(({ idleShare }) => idleShare !== undefined) && { idleShare: idle / expected }),
    ...(bills.some(({ calls }) => calls) && {
      calls: bills.flatMap(({ calls = [] }) => calls).sort((one, two) => two.used + two.idle - one.used - one.idle),
    }),
    beside: {
      machines: sum(({ beside }) => beside?.machines ?? 0),
      disks: sum(({ beside }) => beside?.disks ?? 0),
      transfer: moved?.expected ?? 0,
    },
  };
}

function sumOf(calls: readonly PaidCall[]): number {
  return calls.reduce((sum, { used, idle }) => sum + used + idle, 0);
}

type Moved = Pick<Bill, 'expected' | 'drawn'>;

const MOVED = nameOf('how much of what is written is handed on');
const MS_PER_HOUR = 3_600_000;

/** What the tasks of a part held, tries that failed with them: each try as long as the last. Those that held most first. */
function cpuHoursByCall(
  { starts, ends, attempts }: Simulation,
  { groups }: TaskGraph,
  requests: readonly Request[],
  part: number | undefined,
): { call: string; cpuHours: number }[] {
  const hours = new Map<string, number>();
  for (const [group, { call, first, size }] of groups.entries()) {
    const { cpus, on } = requests[group] as Request;
    if (on !== part) continue;
    let ms = 0;
    for (let task = first; task < first + size; task += 1)
      ms += ((ends[task] as number) - (starts[task] as number) || 0) * (attempts[task] as number);
    if (ms > 0) hours.set(call.id, (hours.get(call.id) ?? 0) + (cpus * ms) / MS_PER_HOUR);
  }
  return [...hours].map(([call, cpuHours]) => ({ call, cpuHours })).sort((one, two) => two.cpuHours - one.cpuHours);
}

/** What each task had of its machine: of several tries, the last. */
function* tasksOf(
  { starts, ends, machineOf }: Simulation,
  { groups }: TaskGraph,
  requests: readonly Request[],
  part: number | undefined,
): Generator<TaskUse> {
  for (const [group, { call, first, size }] of groups.entries()) {
    const { cpus, memoryBytes, accelerators, on } = requests[group] as Request;
    const asked = { cpus, memoryBytes, ...(accelerators !== undefined && { gpus: accelerators }) };
    if (on !== part) continue;
    for (let task = first; task < first + size; task += 1) {
      const [from, to, machine] = [starts[task] as number, ends[task] as number, machineOf[task] as number];
      if (Number.isNaN(to) || machine < 0) continue;
      yield { machine: String(machine), call: call.id, ...asked, from: from / 1000, to: to / 1000, useful: true };
    }
  }
}
