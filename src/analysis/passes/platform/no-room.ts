/** Why a run does not come to its end on a platform. */
import type { ProcessCall } from '../../../parser/graph/process-graph.ts';
import { memoryText } from '../../amounts.ts';
import type { ChosenPlatform } from '../../simulate/platforms/choice.ts';
import type { Request } from '../../simulate/platforms/platform.ts';
import { partsOf } from '../../simulate/platforms/split.ts';
import type { CallSettings, Simulation } from '../../simulate/simulate.ts';
import type { Worlds } from '../../simulate/worlds.ts';
import { counted } from '../../words.ts';

/** How such a clause begins. */
export const NO_ROOM = 'no machine has room for';
/** What it says where that is because of GPUs. */
export const NO_GPU = 'its machines have no GPU';
/** More calls than these are counted. */
const MOST_NAMED = 3;

/** Simulated runs that do not come to their end, of how many, and a clause why. */
export interface Unfinished {
  readonly runs: number;
  readonly of: number;
  readonly why: string;
}

/** Half of them: then nothing is told of the others. */
export function isStuck({ runs, of }: Unfinished): boolean {
  return 2 * runs >= of;
}

/** The clause, with how many, unless all. */
export function unfinishedText({ runs, of, why }: Unfinished): string {
  return runs === of ? why : `${why}, in ${runs} of ${of} simulated runs`;
}

/** Of many runs of the same tasks. */
export function unfinishedOf(
  { unfinished, numbers }: Pick<Worlds, 'unfinished' | 'numbers'>,
  groups: Parameters<typeof whyNoEnd>[1],
  calls: readonly CallSettings[],
  chosen: ChosenPlatform,
  isTried: (group: number) => boolean,
): Unfinished | undefined {
  if (unfinished === undefined) return undefined;
  return { runs: unfinished.runs, of: numbers.length, why: whyNoEnd(unfinished.first, groups, calls, chosen, isTried) };
}

/**
 * A clause: "no machine has room for ALIGN (4 cpus, 8 GB)", those that ask for most first.
 * @param calls of the groups of the tasks, and what each asks for
 * @param isTried whether attempts of a group fail: what is tried again may be what has no room
 */
function whyNoEnd(
  { outcome, stuck }: Pick<Simulation, 'outcome' | 'stuck'>,
  groups: readonly { readonly call: Pick<ProcessCall, 'name'> }[],
  calls: readonly CallSettings[],
  chosen: ChosenPlatform,
  isTried: (group: number) => boolean,
): string {
  if (outcome === 'stuck') {
    const largest = [...stuck].sort((one, two) => mostOf(calls[two]) - mostOf(calls[one]));
    const all = [
      ...new Set(largest.map((group) => tooLarge(groups[group]?.call.name ?? '', calls[group] as CallSettings, isTried(group)))),
    ];
    const shown = all.length <= MOST_NAMED + 1 ? all : all.slice(0, MOST_NAMED);
    const more = all.length - shown.length;
    const lacksGpus = stuck.some((group) => ladderOf(calls[group]).some((request) => lacksGpu(request, chosen)));
    return `${NO_ROOM} ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}${lacksGpus ? `: ${NO_GPU}` : ''}`;
  }
  return outcome === 'completed' ? '' : 'tasks that fail, or lose their machine, more often than they are tried again end it';
}

function ladderOf(settings: CallSettings | undefined): readonly Request[] {
  return settings?.ladders[0] ?? [];
}

function lacksGpu({ accelerators = 0, on = 0 }: Request, chosen: ChosenPlatform): boolean {
  const { machine, types = [] } = partsOf(chosen)[on] as ChosenPlatform;
  return accelerators > 0 && ![...types, ...(machine ? [machine] : [])].some((one) => (one.accelerators ?? 0) > 0);
}

function mostOf(settings: CallSettings | undefined): number {
  return Math.max(0, ...ladderOf(settings).map(({ memoryBytes }) => memoryBytes));
}

function tooLarge(name: string, settings: CallSettings, isTried: boolean): string {
  const [first, ...again] = new Set(
    ladderOf(settings)
      .slice(0, settings.maxRetries + 1)
      .map(asks),
  );
  return `${name} (${first}${isTried && again.length > 0 ? `; tried again ${again.join(', then ')}` : ''})`;
}

function asks({ cpus, memoryBytes, accelerators = 0 }: Request): string {
  const memory = memoryBytes === 0 ? [] : [memoryText(memoryBytes)];
  return [counted(cpus, 'cpu'), ...memory, ...(accelerators === 0 ? [] : [counted(accelerators, 'GPU')])].join(', ');
}
