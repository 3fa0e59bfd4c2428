/** The same tasks on as many cpus as they use at once: where machines are chosen for what waits, a limit leaves none of them half empty. */
import { type ChosenPlatform, type PlatformOptions, plainOptions } from '../../simulate/platforms/choice.ts';
import { Random } from '../../simulate/random.ts';
import { Scheduler } from '../../simulate/schedule.ts';
import type { TaskGraph } from '../../simulate/task-graph.ts';
import { durationsOn } from '../../simulate/worlds.ts';
import { firstOf } from './asked-requests.ts';
import type { PlatformSetup, TimeOnPlatform } from './platform-times.ts';
import { cpusInUse, Rentals } from './rentals.ts';

export interface FullerMachines {
  readonly maxCpus: number;
  readonly run: TimeOnPlatform;
}

/** Less is not worth a flag; longer is another choice, which `--front` tells. */
const [CHEAPER, LONGER] = [0.05, 0.02];

/** Undefined where it takes longer, or saves little. @param on another rental of the same platform */
export function fullerMachines(
  { options, chosen, graph }: { readonly options: PlatformOptions; readonly chosen: ChosenPlatform; readonly graph: TaskGraph },
  { needs, calls, spreads }: Pick<PlatformSetup, 'needs' | 'calls' | 'spreads'>,
  { money, wallClock, byWorld }: TimeOnPlatform,
  on: (rental: ChosenPlatform) => TimeOnPlatform | string,
): FullerMachines | undefined {
  // What lies idle is all that can be saved.
  if (money === undefined || !((money.idleShare ?? 0) > CHEAPER)) return undefined;
  const world = byWorld.numbers[byWorld.seconds.indexOf(wallClock.expected)];
  if (world === undefined) return undefined;
  const forks = calls.map(({ maxForks }) => maxForks);
  const schedule = new Scheduler(graph, forks).run(durationsOn(chosen.platform, graph, spreads, new Random(world)));
  const maxCpus = cpusInUse(chosen, graph, schedule, calls.map(firstOf));
  if (maxCpus === undefined || chosen.maxCpus === undefined || maxCpus >= chosen.maxCpus) return undefined;
  const rental = new Rentals(plainOptions(options), needs, chosen).of(chosen.spot, maxCpus);
  const run = rental && on(rental.chosen);
  if (rental === undefined || run === undefined || typeof run === 'string' || run.money === undefined) return undefined;
  const isCheaper = run.money.cost.expected <= (1 - CHEAPER) * money.cost.expected;
  return isCheaper && run.wallClock.expected <= (1 + LONGER) * wallClock.expected ? { maxCpus, run } : undefined;
}
