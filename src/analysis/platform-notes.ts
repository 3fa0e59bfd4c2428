/** What keeps a run on a platform from being told: routes by which nothing goes, requests without room, prices that are missing. */
import type { AnalysisNote } from './note.ts';
import { NO_GPU, NO_ROOM } from './passes/platform/no-room.ts';
import type { PlatformTimes } from './passes/platform/platform-times.ts';

export function platformNotes(onPlatform: PlatformTimes): AnalysisNote[] {
  const notes: AnalysisNote[] = [];
  for (const { route, hint } of onPlatform.idleRoutes)
    notes.push({
      kind: 'not-used',
      ruleIds: [],
      message: `no task goes to ${route.to.name}: no call that runs has a name or label that ${route.calls} stands for`,
      ...(hint === undefined ? {} : { hint }),
    });
  if (onPlatform.stuck !== undefined)
    notes.push({
      kind: 'cut',
      ruleIds: [],
      message: `on ${onPlatform.chosen.text} the run does not come to its end: ${onPlatform.stuck}`,
      ...hintFor(onPlatform.stuck, onPlatform),
    });
  const { unfinished } = onPlatform.times?.now ?? {};
  if (unfinished !== undefined)
    notes.push({
      kind: 'cut',
      ruleIds: [],
      message: `in ${unfinished.runs} of ${unfinished.of} simulated runs on ${onPlatform.chosen.text} the run does not come to its end: ${unfinished.why}; times and costs are of the others`,
      ...hintFor(unfinished.why, onPlatform),
    });
  if (onPlatform.stuckRightSized !== undefined)
    notes.push({
      kind: 'cut',
      ruleIds: [],
      message: `what runs say is enough is not compared: with it the run does not come to its end on ${onPlatform.chosen.text}: ${onPlatform.stuckRightSized}`,
      hint: 'these calls need a larger machine, or are routed to one: --route CALLS=PLATFORM',
    });
  if (onPlatform.missing !== undefined) {
    const { missing, hint } = onPlatform.missing;
    notes.push({ kind: 'cut', ruleIds: [], message: `what the run costs is not worked out: no price for ${missing}`, hint });
  }
  return notes;
}

/** Of a config, no more than that: `32.GB`, `30471.MB`. */
function wholeMemory(bytes: number): string {
  return bytes % GIB === 0 ? `${bytes / GIB}.GB` : `${Math.floor(bytes / MIB)}.MB`;
}

const [MIB, GIB] = [2 ** 20, 2 ** 30];

function hintFor(why: string, onPlatform: PlatformTimes): { readonly hint?: string } {
  if (why.includes(NO_GPU))
    return {
      hint: 'where nodes have GPUs say how many each has (slurm:2x32,128GB,4gpus); --route CALLS=PLATFORM puts these calls elsewhere',
    };
  return why.startsWith(NO_ROOM) ? limitHint(onPlatform) : {};
}

/** How such a run is kept within the machines that there are. */
function limitHint({ chosen: { machine, routed } }: PlatformTimes): { readonly hint: string } {
  if (machine === undefined || routed !== undefined)
    return { hint: 'ask for less in a config (-c), or name a platform with larger machines' };
  const limits = `process.resourceLimits = [cpus: ${machine.cpus}, memory: ${wholeMemory(machine.memoryBytes)}]`;
  return {
    hint: `a config (-c) with ${limits} keeps requests within one machine, from Nextflow 24.04 on; --route CALLS=PLATFORM puts these calls elsewhere`,
  };
}
