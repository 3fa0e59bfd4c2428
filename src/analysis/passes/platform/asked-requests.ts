/** What the tasks of a call ask for on a platform, and what becomes of them where they fail: by its directives, else by what runs show. */
import { DurationValue, MapValue, type Value } from '../../../parser/evaluate/value.ts';
import type { ProcessCall, ProcessGraph } from '../../../parser/graph/process-graph.ts';
import type { DirectiveSetting } from '../../../parser/pipeline/pipeline.ts';
import type { Evidence } from '../../estimate/evidence.ts';
import type { Request } from '../../simulate/platforms/platform.ts';
import type { CallSettings, ErrorStrategy } from '../../simulate/simulate.ts';
import { amountOf, memoryLimitOf } from '../sizing/attempts.ts';
import { forksOf } from '../times.ts';

/** Told apart by what they ask for: those that may be made, and no more than the settings are read for. */
const [FEWEST_ATTEMPTS, MOST_ATTEMPTS] = [3, 20];
const STRATEGIES: readonly ErrorStrategy[] = ['terminate', 'finish', 'ignore', 'retry'];

/** `guessed`: some of it cannot be told, and is taken for 1 cpu, no memory and no GPU. */
export function askedBy(graph: ProcessGraph, evidence: Evidence, call: ProcessCall): { settings: CallSettings; guessed: boolean } {
  const directives = graph.directivesOf(call);
  const measured = evidence.of(call)?.requested;
  let guessed = false;
  const amount = (setting: DirectiveSetting | undefined, attempt: number, seen: number | undefined, otherwise: number): number => {
    const told = amountOf(setting?.atAttempt(attempt));
    if (!Number.isNaN(told)) return told;
    if (seen !== undefined) return seen;
    if (setting !== undefined && setting.value !== null) guessed = true;
    return otherwise;
  };
  const retries = directives.get('maxRetries')?.value;
  const maxRetries = typeof retries === 'number' ? retries : 1;
  const ladder = Array.from({ length: attemptsWith(maxRetries) }, (_, before): Request => {
    const attempt = before + 1;
    const timeMs = directives.get('time')?.atAttempt(attempt);
    const accelerator = directives.get('accelerator');
    if (accelerator !== undefined && accelerator.atAttempt(attempt) === undefined) guessed = true;
    const gpus = gpusOf(accelerator?.atAttempt(attempt));
    return {
      cpus: amount(directives.get('cpus'), attempt, measured?.cpus?.median, 1),
      memoryBytes: amount(directives.get('memory'), attempt, measured?.memory?.median, 0),
      ...(timeMs instanceof DurationValue && { timeMs: timeMs.ms }),
      ...(gpus > 0 && { accelerators: gpus }),
    };
  });
  const limited = memoryLimitOf(directives.get('resourceLimits'));
  const strategy = directives.get('errorStrategy');
  return {
    settings: {
      ladders: [ladder],
      ...(limited > 0 && { mostMemory: limited }),
      maxForks: forksOf(graph, call),
      errorStrategy: /\bretry\b/.test(strategy?.text ?? '') ? 'retry' : (STRATEGIES.find((one) => one === strategy?.value) ?? 'terminate'),
      maxRetries,
    },
    guessed,
  };
}

/** How many attempts are told apart by what they ask for. */
export function attemptsWith(maxRetries: number): number {
  return Math.min(MOST_ATTEMPTS, Math.max(FEWEST_ATTEMPTS, maxRetries + 1));
}

/** `accelerator 1`, `accelerator 2, type: 'nvidia-t4'`, `accelerator [request: 1]`; one where how many is not told (AcceleratorResource of Nextflow). */
function gpusOf(value: Value | undefined): number {
  if (value === undefined || value === null || value === false) return 0;
  const told = value instanceof MapValue ? (value.get('request') ?? value.get('limit')) : value;
  return typeof told === 'number' && told >= 0 && Number.isFinite(told) ? Math.ceil(told) : 1;
}

/** What a first attempt asks for. */
export function firstOf({ ladders }: CallSettings): Request {
  return (ladders[0] as readonly Request[])[0] as Request;
}

export function asksForGpus(settings: CallSettings | undefined): boolean {
  return settings !== undefined && (firstOf(settings).accelerators ?? 0) > 0;
}

export function withoutGpus(settings: CallSettings): CallSettings {
  if (!asksForGpus(settings)) return settings;
  return { ...settings, ladders: settings.ladders.map((ladder) => ladder.map(({ accelerators: _, ...request }) => request)) };
}

/** @param on which part of a platform that is made of several */
export function placedAt(settings: CallSettings, on: number): CallSettings {
  return { ...settings, ladders: settings.ladders.map((ladder) => ladder.map((request) => ({ ...request, on }))) };
}
