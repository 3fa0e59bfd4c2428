/** What tasks asked for and used, and what is enough. */
import type { CallEvidence, Spread } from '../analysis/estimate/evidence.ts';
import type { BetterRequests, CallSizing } from '../analysis/passes/sizing/sizing.ts';
import type { ReportResources, ReportSpread } from '../report/report.ts';
import { compare, significant } from './figures.ts';
import type { ReportParts } from './parts.ts';

export function resourcesOf({ graph, analysis: { evidence, sizing, rightSizing } }: ReportParts): {
  resources?: readonly ReportResources[];
} {
  if (evidence.matches.length === 0) return {};
  const some = graph.calls.flatMap((call) => {
    const found = evidence.of(call);
    return found === undefined ? [] : [{ ...resourceOf(found), ...sizesOf(sizing.of(call), rightSizing.better.get(call)) }];
  });
  return { resources: some.sort((one, two) => compare(one.call, two.call)) };
}

function sizesOf(
  sized: CallSizing | undefined,
  { cpus, memory, limit }: BetterRequests = {},
): Pick<ReportResources, 'asked' | 'recommended' | 'waste'> {
  if (sized === undefined) return {};
  const better = [cpus, memory, limit].some((one) => one !== undefined);
  return {
    ...(better && {
      asked: {
        ...(sized.cpus && { cpus: sized.cpus.reserved }),
        ...(sized.memory && { memoryBytes: sized.memory.requested }),
        ...(sized.limit && { timeMs: sized.limit.requested * 1000 }),
      },
      recommended: {
        ...(cpus !== undefined && { cpus }),
        ...(memory !== undefined && { memoryBytes: memory }),
        ...(limit !== undefined && { timeMs: limit * 1000 }),
      },
    }),
    ...((sized.cpus ?? sized.memory) !== undefined && {
      waste: {
        ...(sized.cpus && { cpuSeconds: significant(sized.cpus.idleSeconds) }),
        ...(sized.memory && { memoryByteSeconds: significant(sized.memory.wasted) }),
      },
    }),
  };
}

function resourceOf(found: CallEvidence): ReportResources {
  const { requested } = found;
  return {
    call: found.call.id,
    basis: 'measured',
    traces: found.rows.map(({ run }) => run.name),
    tasks: found.tasks,
    completed: found.completed,
    cached: found.cached,
    failed: found.failed,
    aborted: found.aborted,
    retried: found.retried,
    ...(found.failureShare === undefined ? {} : { failureShare: significant(found.failureShare) }),
    ...(found.failedExits.length === 0
      ? {}
      : { failedExits: found.failedExits.map(({ exit, rows }) => ({ ...(exit === undefined ? {} : { exit }), rows })) }),
    requested: shownSpreads(requested, { cpus: 'cpus', memoryBytes: 'memory', timeMs: 'time', diskBytes: 'disk' }),
    used: shownSpreads(found, {
      cores: 'busyCores',
      memoryBytes: 'peakMemory',
      durationMs: 'duration',
      realtimeMs: 'realtime',
      waitMs: 'wait',
      stagingMs: 'staging',
      readBytes: 'read',
      writtenBytes: 'written',
      diskReadBytes: 'readFromDisk',
      diskWrittenBytes: 'writtenToDisk',
    }),
  };
}

/** Worked out when a format asks for them. @param names of the evidence, by those of the report */
function shownSpreads<From extends string, Name extends string>(
  some: { readonly [Each in From]?: Spread },
  names: Readonly<Record<Name, From>>,
): { readonly [Each in Name]?: ReportSpread } {
  const shown = {};
  for (const [name, from] of Object.entries<From>(names)) Object.defineProperty(shown, name, { enumerable: true, get: () => some[from] });
  return shown;
}
