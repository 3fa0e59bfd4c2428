/** What tasks asked for and used, and what is enough. */
import type { CallEvidence, Spread } from '../analysis/estimate/evidence.ts';
import type { BetterRequests, CallSizing } from '../analysis/passes/sizing.ts';
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
): Pick<ReportResources, 'recommended' | 'waste'> {
  if (sized === undefined) return {};
  const better = [cpus, memory, limit].some((one) => one !== undefined);
  return {
    ...(better && {
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
    requested: shownSpreads({ cpus: requested.cpus, memoryBytes: requested.memory, timeMs: requested.time, diskBytes: requested.disk }),
    used: shownSpreads({
      cores: found.busyCores,
      memoryBytes: found.peakMemory,
      durationMs: found.duration,
      realtimeMs: found.realtime,
      waitMs: found.wait,
      stagingMs: found.staging,
      readBytes: found.read,
      writtenBytes: found.written,
      diskReadBytes: found.readFromDisk,
      diskWrittenBytes: found.writtenToDisk,
    }),
  };
}

function shownSpreads<Name extends string>(some: Readonly<Record<Name, Spread | undefined>>): { [Each in Name]?: ReportSpread } {
  const entries = Object.entries<Spread | undefined>(some).filter(([, spread]) => spread !== undefined);
  return Object.fromEntries(entries) as { [Each in Name]?: ReportSpread };
}
