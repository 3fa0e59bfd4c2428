/**
 * Time against money: what else tasks could ask for, on which machines, and what that does to both. Candidates come from a search with room for every task
 * (`front/plans.ts`); what they take and cost is said by simulated runs alone, in worlds that share their luck.
 */
import type { ProcessCall, ProcessGraph } from '../../parser/graph/process-graph.ts';
import { isMissing } from '../cost/money.ts';
import type { PriceBook } from '../cost/price-book.ts';
import { type Estimate, weakest } from '../estimate/estimate.ts';
import { answersOf, type BreakEven, breakEvens, type FrontAnswer, type FrontQuestions } from '../front/answers.ts';
import type { LowerBound } from '../front/lower-bound.ts';
import { type CpuOption, cpuOptions, leastUnitPrices, type UnitPrices } from '../front/options.ts';
import { frontOf, type TimeCost, thinned } from '../front/pareto.ts';
import { searchedPlans } from '../front/plans.ts';
import { refined, simplest, type Way } from '../front/refine.ts';
import type { PlatformOptions } from '../simulate/platforms/choice.ts';
import type { Request } from '../simulate/platforms/platform.ts';
import { partsOf } from '../simulate/platforms/split.ts';
import { Random } from '../simulate/random.ts';
import { Scheduler } from '../simulate/schedule.ts';
import type { CallSettings, Simulation } from '../simulate/simulate.ts';
import { type DurationSpread, durationsOn, simulateWorlds, typicalMs, type Worlds } from '../simulate/worlds.ts';
import { firstOf } from './platform/asked-requests.ts';
import { HeldHoursByWorld } from './platform/held-hours.ts';
import { hasPrice, PlatformBills } from './platform/platform-cost.ts';
import type { PlatformSetup, PlatformTimes } from './platform/platform-times.ts';
import { cpusInUse, type Rental, Rentals } from './platform/rentals.ts';
import { OTHER_CPUS, withCpus } from './sizing/cpu-law.ts';
import type { Sizing } from './sizing/sizing.ts';
import type { Times } from './times.ts';

export type FrontChoice =
  | { readonly kind: 'cpus'; readonly call: ProcessCall; readonly from: number; readonly to: number }
  /** Of so many calls, as the right-sized config has it. */
  | { readonly kind: 'memory'; readonly calls: readonly ProcessCall[] }
  | { readonly kind: 'market'; readonly to: 'spot' | 'on-demand' }
  | { readonly kind: 'max-cpus'; readonly from: number; readonly to: number };

export interface FrontPoint {
  readonly wallClock: Estimate;
  readonly cost: Estimate;
  /** What differs from today; nothing for today itself. */
  readonly choices: readonly FrontChoice[];
}

export interface Front {
  /** A currency, or `cpu·h` where no price is known. */
  readonly unit: string;
  /** The fastest first. None is both slower and dearer than another. */
  readonly points: readonly FrontPoint[];
  /** Below which no choice comes, with room for every task and no machine idle, in the world with the middle time; the fastest first. Seconds. */
  readonly lowerBound: readonly { readonly wallClock: number; readonly cost: number }[];
  readonly breakEven: readonly BreakEven[];
  readonly answers: readonly FrontAnswer[];
  /** Calls of which it is known what more or fewer cpus do. */
  readonly scalable: number;
  readonly assumptions: readonly string[];
}

export interface FrontParts {
  readonly times: Times;
  readonly onPlatform: PlatformTimes;
  readonly setup: PlatformSetup;
  readonly options: PlatformOptions;
  readonly sizing: Sizing;
  readonly graph: ProcessGraph;
  readonly questions: FrontQuestions;
  /** Is told how far it has come. */
  readonly progress?: ((text: string) => void) | undefined;
}

/** Worlds in which ways are compared: the middle ones of so many parts of all, by the time of today's run, so that few stand for many. */
const [FEWEST_COMPARED, MOST_COMPARED] = [4, 8];
/** Who is behind another by so much in time and money in one of them is not looked at in the others. */
const BEHIND = 0.05;
/** Tasks simulated while ways are compared, and for the points in the end: together about 8 s. */
const TRIAL_EFFORT = 300_000;
const POINT_EFFORT = 200_000;
const FEWEST_WORLDS = 8;
const MOST_TASKS = 10_000;
/** Plans of the search with room for every task that are simulated. */
const PLANS = 8;
/** Ways that are compared. */
const MOST_WAYS = 600;
/** What stands for all that was found, and what of it is shown. */
const MOST_TOLD = 12;
const MOST_POINTS = 6;
/** Less of time or money is within what the figures can tell. */
const TELLING = 0.02;
/** More than there are on most machines that a task is given. */
const MOST_CPUS = 32;
/** As many cpus at once as are in use with room for all, more than ever are, and enough for the tasks that use them to come in two waves, three … */
const SHARES = [1, 2, 1 / 2, 1 / 3, 1 / 4, 1 / 6, 1 / 8];
/** Answers with which a search begins: as many as today, and the first two of those. */
const FIRST_LIMITS = [0, 1, 2];
const HOUR = 3_600_000;
const CPU_HOURS = 'cpu·h';

/** Undefined where there are too many tasks. */
export function frontPass(parts: FrontParts): Front | undefined {
  return parts.times.tasks > MOST_TASKS ? undefined : new FrontSearch(parts).front();
}

/**
 * A way: by group which of its cpus, then whether memory is as runs say is enough, in which market, and how many cpus there may be at once. The last is a share of
 * what its own tasks would use with room for all: which limits leave no machine half empty follows from what tasks are given.
 */
class FrontSearch {
  readonly #parts: FrontParts;
  readonly #cpus: readonly (readonly CpuOption[])[];
  readonly #sizedCalls: readonly ProcessCall[];
  readonly #rentals: Rentals;
  readonly #prices: PriceBook | undefined;
  /** With room for every task. */
  readonly #scheduler: Scheduler;
  /** As it is, by task in the world with the middle time. */
  #durationsMs: Float64Array;
  /** In which ways are compared. */
  #compared: readonly number[] = [];
  readonly #known = new Map<string, TimeCost | undefined>();
  readonly #rentalBy = new Map<string, Rental | undefined>();
  /** Tasks that may still be simulated to compare ways. */
  #left = TRIAL_EFFORT;

  constructor(parts: FrontParts) {
    const { times, setup, onPlatform, options } = parts;
    this.#parts = parts;
    this.#rentals = new Rentals(options, setup.needs, onPlatform.chosen);
    this.#scheduler = new Scheduler(
      times.views.now,
      setup.calls.map(({ maxForks }) => maxForks),
    );
    this.#durationsMs = new Float64Array(times.views.now.tasks);
    this.#cpus = times.views.now.groups.map((_, group) => cpusOf(parts, group));
    this.#sizedCalls = times.views.now.groups.flatMap(({ call }, group) => {
      const sized = setup.rightSized[group]?.settings;
      return sized !== undefined && firstOf(sized).memoryBytes < this.#asked(group).memoryBytes ? [call] : [];
    });
    const { prices } = options;
    const known = prices !== undefined && hasPrice(onPlatform.chosen, prices) && onPlatform.times?.now.money !== undefined;
    this.#prices = known ? prices : undefined;
  }

  front(): Front | undefined {
    const { times, questions, progress } = this.#parts;
    const { now } = times.views;
    const worlds = Math.max(FEWEST_WORLDS, Math.min(times.worlds, Math.floor(POINT_EFFORT / MOST_TOLD / now.tasks)));
    const today = [...this.#cpus.map((some, group) => this.#todayOf(some, group)), 0, 0, 0];
    progress?.('time against money: looking for plans');
    this.#lookAt(today, worlds);
    const { plans, bound } = this.#withRoom(this.#durationsMs);
    const starts = [today, ...[today.slice(0, -3), ...plans].flatMap((plan) => this.#rented(plan))];
    progress?.(`time against money: simulating ${starts.length} ways, and steps from them`);
    const trial = (way: Way): TimeCost | undefined => this.#tried(way, this.#compared);
    const { markets, areLimited } = this.#rentals;
    const answers = [
      ...this.#cpus.map(({ length }) => length),
      this.#sizedCalls.length > 0 ? 2 : 1,
      markets.length,
      areLimited ? SHARES.length + 1 : 1,
    ];
    const glance = (way: Way): TimeCost | undefined => this.#tried(way, this.#compared.slice(1, 2));
    const found = refined(starts, trial, { answers, most: MOST_WAYS, isSpent: () => this.#left <= 0, glance, behind: BEHIND });
    const few = thinned(frontOf(found, TELLING), MOST_TOLD).map((one) => simplest(one, today, trial, TELLING));
    progress?.(`time against money: ${few.length} ways in ${worlds} worlds each`);
    const distinct = new Map([today, ...few.map(({ way }) => way)].map((way) => [way.join(), way]));
    const points = [...[...distinct.values()].flatMap((way) => this.#point(way, today, worlds)), ...this.#proposed()];
    const [standing] = points.filter(({ point }) => point.choices.length === 0);
    // What changes nothing that can be told is not worth a change.
    const worth = points.filter((one) => one === standing || standing === undefined || !isAsGood(standing, one));
    const told = frontOf(worth, TELLING);
    const asked = new Set(
      answersOf(
        told.map(({ point }) => point),
        questions,
      ).map(({ point }) => point),
    );
    const shown = thinned(told, MOST_POINTS, (one) => asked.has(told.indexOf(one))).map(({ point }) => point);
    return {
      unit: this.#prices?.currency ?? CPU_HOURS,
      points: shown,
      lowerBound: boundOf(bound, shown),
      breakEven: breakEvens(shown),
      answers: answersOf(shown, questions),
      scalable: this.#cpus.filter(({ length }) => length > 1).length,
      assumptions: assumptionsOf(shown),
    };
  }

  #asked(group: number): Request {
    return firstOf(this.#parts.setup.calls[group] as CallSettings);
  }

  #todayOf(some: readonly CpuOption[], group: number): number {
    return some.findIndex(({ cpus }) => cpus === this.#asked(group).cpus);
  }

  #optionOf(way: Way, group: number): CpuOption {
    return (this.#cpus[group] as readonly CpuOption[])[way[group] as number] as CpuOption;
  }

  /** How long tasks take in the world with the middle time, and which worlds stand for all. */
  #lookAt(today: Way, worlds: number): void {
    const { times, setup } = this.#parts;
    const { makespanMs, makespansMs, numbers } = this.#simulated(today, worlds);
    const { platform } = this.#rentals.usual.chosen;
    const middle = new Random(makespansMs.indexOf(makespanMs.expected));
    this.#durationsMs = durationsOn(platform, times.views.now, setup.spreads, middle);
    const order = numbers
      .filter((number) => !Number.isNaN(makespansMs[number]))
      .sort((one, two) => (makespansMs[one] as number) - (makespansMs[two] as number));
    const parts = Math.max(FEWEST_COMPARED, Math.min(MOST_COMPARED, Math.floor(TRIAL_EFFORT / MOST_WAYS / times.tasks)));
    this.#compared = Array.from({ length: parts }, (_, part) => order[Math.floor(((part + 0.5) / parts) * order.length)] as number);
  }

  /** What is best with room for every task and machines that are never idle. */
  #withRoom(durationsMs: Float64Array): { plans: readonly Way[]; bound: LowerBound } {
    const { groups, tasks } = this.#parts.times.views.now;
    const memoryOf = (group: number): number => {
      const sized = this.#parts.setup.rightSized[group]?.settings;
      return Math.min(this.#asked(group).memoryBytes, sized === undefined ? Number.POSITIVE_INFINITY : firstOf(sized).memoryBytes);
    };
    const held = partsOf(this.#parts.onPlatform.chosen).map(() => ({ cpus: 0, bytes: 0 }));
    for (const [group, { first, size }] of groups.entries()) {
      const ms = durationsMs.subarray(first, first + size).reduce((sum, one) => sum + one, 0);
      const own = held[this.#asked(group).on ?? 0] as (typeof held)[number];
      own.cpus += ms * this.#asked(group).cpus;
      own.bytes += ms * memoryOf(group);
    }
    const prices = held.map((one, part) => this.#unitPrices(part, one));
    const options = this.#cpus.map((some, group) => {
      const { perCpu, perByte } = prices[this.#asked(group).on ?? 0] as UnitPrices;
      return frontOf(
        some.map(({ cpus, factor }, at) => {
          const rate = (perCpu * cpus + perByte * memoryOf(group)) / HOUR;
          return { ms: factor, cost: factor * rate, factor, rate, at };
        }),
      );
    });
    const { front, bound } = searchedPlans({ graph: { groups, tasks }, durationsMs, options });
    const plans = thinned(front, PLANS).map(({ plan }) =>
      plan.map((at, group) => ((options[group] as (typeof options)[number])[at] as { at: number }).at),
    );
    return { plans, bound };
  }

  /** For an hour, on a part of the platform. */
  #unitPrices(part: number, held: { readonly cpus: number; readonly bytes: number }): UnitPrices {
    if (this.#prices === undefined) return { perCpu: 1, perByte: 0 };
    const types = this.#rentals.markets.flatMap((spot) => partsOf((this.#rentals.of(spot) as Rental).chosen)[part]?.types ?? []);
    if (types.length > 0)
      return leastUnitPrices(
        types.map((type) => ({ ...type, price: type.usdPerHour })),
        held,
      );
    // What nobody has a price for is in no cost.
    const { coreHour } = this.#prices;
    return { perCpu: isMissing(coreHour) ? 0 : coreHour.amount, perByte: 0 };
  }

  /** A plan in each market, with as much memory as today and with what is enough, with as many cpus at once as today and as are in use. */
  #rented(plan: Way): Way[] {
    const memory = this.#sizedCalls.length > 0 ? [0, 1] : [0];
    const limits = this.#rentals.areLimited ? FIRST_LIMITS : [0];
    return limits.flatMap((limit) =>
      [...this.#rentals.markets.keys()].flatMap((market) => memory.map((one) => [...plan, one, market, limit])),
    );
  }

  /** Undefined where there is no such rental. */
  #rentalOf(way: Way): Rental | undefined {
    const key = way.join();
    if (!this.#rentalBy.has(key)) this.#rentalBy.set(key, this.#rentalFor(way));
    return this.#rentalBy.get(key);
  }

  #rentalFor(way: Way): Rental | undefined {
    const usual = this.#rentals.of(this.#rentals.markets[way.at(-2) as number] as boolean);
    const share = SHARES[(way.at(-1) as number) - 1];
    if (usual === undefined || share === undefined) return usual;
    const { now } = this.#parts.times.views;
    const requests = this.#settings(way).map(firstOf);
    const maxCpus = cpusInUse(usual.chosen, now, this.#scheduler.run(this.#durationsWith(way)), requests, share);
    return maxCpus === undefined ? usual : this.#rentals.of(usual.spot, maxCpus);
  }

  #durationsWith(way: Way): Float64Array {
    const durationsMs = this.#durationsMs.slice();
    for (const [group, { first, size }] of this.#parts.times.views.now.groups.entries()) {
      const { factor } = this.#optionOf(way, group);
      for (let task = first; task < first + size; task += 1) durationsMs[task] = (durationsMs[task] as number) * factor;
    }
    return durationsMs;
  }

  #tried(way: Way, worlds: readonly number[]): TimeCost | undefined {
    const rental = this.#rentalOf(way);
    if (rental === undefined) return undefined;
    // Two ways may come to the same number of cpus at once.
    const key = [...way.slice(0, -1), rental.maxCpus, worlds.length].join();
    if (!this.#known.has(key)) this.#known.set(key, this.#mean(way, worlds));
    return this.#known.get(key);
  }

  #mean(way: Way, worlds: readonly number[]): TimeCost | undefined {
    this.#left -= worlds.length * this.#parts.times.tasks;
    const run = this.#run(way, worlds, true);
    if (run === undefined) return undefined;
    const cost = run.bills === undefined ? run.hours.estimate(this.#parts.times.evidence).cpus.expected : run.bills.mean;
    // Of so few worlds the middle one moves more than their mean.
    return cost === undefined ? undefined : { ms: run.makespansMs.reduce((sum, ms) => sum + ms, 0) / worlds.length, cost };
  }

  #point(way: Way, today: Way, worlds: number): (TimeCost & { readonly point: FrontPoint })[] {
    const { evidence } = this.#parts.times;
    const run = this.#run(way, worlds);
    const paid = run?.bills === undefined ? run?.hours.estimate(evidence).cpus : run.bills.cost(evidence)?.cost;
    if (run === undefined || paid === undefined) return [];
    const { makespanMs } = run;
    const choices = this.#choicesOf(way, today);
    // What more or fewer cpus do is reckoned, not measured.
    const basis = choices.some(({ kind }) => kind === 'cpus') ? 'assumed' : evidence.basis;
    const [low, expected, high] = [makespanMs.low / 1000, makespanMs.expected / 1000, makespanMs.high / 1000];
    const cost = { ...paid, basis: weakest([basis, paid.basis]) };
    const wallClock = { low, expected, high, unit: 's', basis, source: evidence.source };
    return [{ ms: makespanMs.expected, cost: cost.expected, point: { wallClock, cost, choices } }];
  }

  /** What runs say is enough, of cpus too: that is simulated already. */
  #proposed(): (TimeCost & { readonly point: FrontPoint })[] {
    const { times, setup, onPlatform } = this.#parts;
    const run = onPlatform.times?.rightSized;
    const cost = this.#prices === undefined ? run?.held.cpus : run?.money?.cost;
    if (run === undefined || cost === undefined) return [];
    const { wallClock } = run;
    const choices: FrontChoice[] = times.views.now.groups.flatMap(({ call }, group): FrontChoice[] => {
      const sized = setup.rightSized[group]?.settings;
      const [from, to] = [this.#asked(group).cpus, sized === undefined ? undefined : firstOf(sized).cpus];
      return to === undefined || to === from ? [] : [{ kind: 'cpus', call, from, to }];
    });
    if (this.#sizedCalls.length > 0) choices.unshift({ kind: 'memory', calls: this.#sizedCalls });
    return choices.length === 0 ? [] : [{ ms: wallClock.expected * 1000, cost: cost.expected, point: { wallClock, cost, choices } }];
  }

  #choicesOf(way: Way, today: Way): FrontChoice[] {
    const { groups } = this.#parts.times.views.now;
    const { usual } = this.#rentals;
    const rental = this.#rentalOf(way) ?? usual;
    return [
      ...(rental.spot === usual.spot ? [] : [{ kind: 'market', to: rental.spot ? 'spot' : 'on-demand' } as const]),
      ...(rental.maxCpus === usual.maxCpus ? [] : [{ kind: 'max-cpus', from: usual.maxCpus, to: rental.maxCpus } as const]),
      ...(way.at(-3) === today.at(-3) ? [] : [{ kind: 'memory', calls: this.#sizedCalls } as const]),
      ...groups.flatMap(({ call }, group): FrontChoice[] => {
        const [from, to] = [this.#optionOf(today, group).cpus, this.#optionOf(way, group).cpus];
        return from === to ? [] : [{ kind: 'cpus', call, from, to }];
      }),
    ];
  }

  #simulated(way: Way, worlds: number | readonly number[], each?: (run: Simulation) => void): Worlds {
    const { times, setup, sizing } = this.#parts;
    const isSized = way.at(-3) === 1;
    const spreads = setup.spreads.map((spread, group) => {
      const law = sizing.of((times.views.now.groups[group] as { call: ProcessCall }).call)?.law;
      return withCpus(spread, law, this.#asked(group).cpus, this.#optionOf(way, group).cpus);
    });
    const failing = setup.failing.map((shares, group) => (isSized ? setup.rightSized[group]?.failing : undefined) ?? shares);
    const { platform } = (this.#rentalOf(way) as Rental).chosen;
    return simulateWorlds(times.views.now, { calls: this.#settings(way) }, spreads, platform, { worlds, failing, ...(each && { each }) });
  }

  #settings(way: Way): CallSettings[] {
    const { setup } = this.#parts;
    const isSized = way.at(-3) === 1;
    return setup.calls.map((asked, group): CallSettings => {
      const base = (isSized ? setup.rightSized[group]?.settings : undefined) ?? asked;
      const { cpus } = this.#optionOf(way, group);
      const same = cpus === this.#asked(group).cpus;
      const ladders = base.ladders.map((ladder, number) =>
        ladder.map((request, at): Request => {
          const rungs = asked.ladders[number] as readonly Request[];
          return { ...request, cpus: same ? (rungs[Math.min(at, rungs.length - 1)] as Request).cpus : cpus };
        }),
      );
      return { ...base, ladders };
    });
  }

  /** Undefined where it does not come to its end in some world. @param isMeanAlone of what it costs */
  #run(way: Way, worlds: number | readonly number[], isMeanAlone = false): SimulatedWay | undefined {
    const { views } = this.#parts.times;
    const calls = this.#settings(way);
    const requests = calls.map(firstOf);
    const rental = this.#rentalOf(way);
    if (rental === undefined) return undefined;
    const bills = this.#prices && new PlatformBills(this.#prices, rental.chosen, this.#parts.onPlatform.transfer?.cost, isMeanAlone);
    const hours = new HeldHoursByWorld();
    let completed = true;
    const { makespanMs, makespansMs } = this.#simulated(way, worlds, (run) => {
      completed &&= run.outcome === 'completed';
      if (bills === undefined) hours.add(views.now, calls, run);
      else bills.add(run, views.now, requests);
    });
    return completed ? { makespanMs, makespansMs, bills, hours } : undefined;
  }
}

function isAsGood(one: TimeCost, other: TimeCost): boolean {
  return one.ms <= other.ms * (1 + TELLING) && one.cost <= other.cost * (1 + TELLING);
}

interface SimulatedWay extends Pick<Worlds, 'makespanMs' | 'makespansMs'> {
  /** Where there are prices; of what tasks hold else. */
  readonly bills: PlatformBills | undefined;
  readonly hours: HeldHoursByWorld;
}

/** Of what is known what more or fewer do; today's number alone else, and where the memory that is asked for follows the cpus. */
function cpusOf({ times, setup, sizing, graph }: FrontParts, group: number): CpuOption[] {
  const { call, size } = times.views.now.groups[group] as { call: ProcessCall; size: number };
  const { cpus } = firstOf(setup.calls[group] as CallSettings);
  const { cpus: plan, law } = sizing.of(call) ?? {};
  const follows = /\bcpus\b/.test(graph.directivesOf(call).get('memory')?.text ?? '');
  if (size === 0 || plan === undefined || law === undefined || plan.reserved !== cpus || follows) return [{ cpus, factor: 1 }];
  const spread = setup.spreads[group] as DurationSpread;
  const some = cpuOptions(cpus, Math.max(cpus, MOST_CPUS), (other) => typicalMs(withCpus(spread, law, cpus, other)) / typicalMs(spread));
  return law.takesAll ? some : some.filter((one) => one.cpus <= cpus && one.cpus >= Math.min(cpus, plan.busyMost));
}

const BOUND_POINTS = 8;

/** From the fastest that can be to the cheapest, or the slowest point that is shown. */
function boundOf(bound: LowerBound, points: readonly FrontPoint[]): Front['lowerBound'] {
  const [cheapest] = bound.corners;
  const first = bound.fastestMs / 1000;
  const last = Math.max((cheapest?.ms ?? 0) / 1000, points.at(-1)?.wallClock.expected ?? 0);
  if (!(last > first)) return [];
  return Array.from({ length: BOUND_POINTS }, (_, at) => {
    const wallClock = first + ((last - first) * at) / (BOUND_POINTS - 1);
    return { wallClock, cost: bound.costAt(wallClock * 1000) };
  });
}

function assumptionsOf(points: readonly FrontPoint[]): string[] {
  const kinds = new Set(points.flatMap(({ choices }) => choices.map(({ kind }) => kind)));
  return [
    ...(kinds.has('cpus') ? [`${OTHER_CPUS}; it needs as much memory`] : []),
    ...(kinds.has('market')
      ? ['tasks on spot machines that are taken away begin anew, up to 5 times, which is not Nextflow’s default']
      : []),
  ];
}
