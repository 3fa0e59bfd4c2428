/** The same tasks when they ask for what was measured, as the right-sized config makes them ask. */
import type { ProcessGraph } from '../../parser/graph/process-graph.ts';
import type { Request } from '../simulate/platforms/platform.ts';
import type { CallSettings } from '../simulate/simulate.ts';
import type { Attempt } from './attempts.ts';
import { failingShares } from './failing-attempts.ts';
import { rungOf } from './memory-ladder.ts';
import { type BetterRequests, betterRequests, type CallSizing } from './sizing.ts';

export interface RightSizedCall {
  readonly settings: CallSettings;
  /** How many times as long its tasks take on fewer cpus; 1 or more. */
  readonly slowdown: number;
  /** Shares of its tasks, as `failingShares` has them: what had too little memory fails no more, but as often as the new requests let it. */
  readonly failing: readonly number[];
}

/** Undefined where today's requests stay. */
export function rightSizedCall(
  graph: ProcessGraph,
  settings: CallSettings,
  sized: CallSizing | undefined,
  attempts: readonly Attempt[],
): RightSizedCall | undefined {
  if (sized === undefined) return undefined;
  const better = betterRequests(graph, sized);
  const { cpus, memory, limit } = better;
  if (cpus === undefined && memory === undefined && limit === undefined) return undefined;
  const others = failingShares(attempts, settings, ({ end }) => memory === undefined || end !== 'starved');
  const [first = 0, ...further] = others;
  return {
    settings: askingFor(settings, better),
    slowdown: cpus === undefined ? 1 : (sized.cpus?.slowdown ?? 1),
    failing: memory === undefined ? others : [Math.min(1, first + (sized.memory?.expectedFailures ?? 0)), ...further],
  };
}

/** The same call with other requests. */
export function askingFor(settings: CallSettings, { cpus, memory, limit }: BetterRequests): CallSettings {
  const ladders = settings.ladders.map((ladder): readonly Request[] => {
    const attempts = Math.max(ladder.length, memory === undefined ? 1 : memory.length + 1);
    return Array.from({ length: attempts }, (_, at) => ({
      ...(ladder[Math.min(at, ladder.length - 1)] as Request),
      ...(cpus !== undefined && { cpus }),
      ...(memory !== undefined && { memoryBytes: rungOf(memory, at) }),
      ...(limit !== undefined && { timeMs: limit * (at + 1) * 1000 }),
    }));
  });
  return {
    ...settings,
    ladders,
    ...(memory !== undefined && { errorStrategy: 'retry', maxRetries: Math.max(settings.maxRetries, memory.length) }),
  };
}
