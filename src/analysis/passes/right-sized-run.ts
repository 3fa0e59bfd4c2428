/** The same tasks when they ask for what was measured, as the right-sized config makes them ask. */
import type { ProcessGraph } from '../../parser/graph/process-graph.ts';
import type { Request } from '../simulate/platforms/platform.ts';
import type { CallSettings } from '../simulate/simulate.ts';
import { rungOf } from './memory-ladder.ts';
import { betterRequests, type CallSizing } from './sizing.ts';

export interface RightSizedCall {
  readonly settings: CallSettings;
  /** How many times as long its tasks take on fewer cpus; 1 or more. */
  readonly slowdown: number;
  /** Share of its tasks whose first attempt fails for want of memory, 0 to 1. */
  readonly failing: number;
}

/** Undefined where today's requests stay. */
export function rightSizedCall(graph: ProcessGraph, settings: CallSettings, sized: CallSizing | undefined): RightSizedCall | undefined {
  if (sized === undefined) return undefined;
  const { cpus, memory, limit } = betterRequests(graph, sized);
  if (cpus === undefined && memory === undefined && limit === undefined) return undefined;
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
    settings: {
      ...settings,
      ladders,
      ...(memory !== undefined && { errorStrategy: 'retry', maxRetries: Math.max(settings.maxRetries, memory.length) }),
    },
    slowdown: cpus === undefined ? 1 : (sized.cpus?.slowdown ?? 1),
    failing: memory === undefined ? 0 : (sized.memory?.expectedFailures ?? 0),
  };
}
