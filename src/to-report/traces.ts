/** Past runs: what was read of them, what they took and cost, and how far the model comes from that. */
import type { Analysis } from '../analysis/analyse.ts';
import { missingFields } from '../analysis/estimate/trace-notes.ts';
import { lengthOf } from '../analysis/passes/past-runs.ts';
import type { RecordedBill as FoundBill } from '../analysis/passes/platform/recorded-bills.ts';
import type { TraceMatch } from '../parser/graph/trace-matches.ts';
import { countsAsTask, STATUSES, type TraceRun } from '../parser/trace/trace-run.ts';
import type { Report, ReportTrace } from '../report/report.ts';
import { compare, shownEstimate, significant } from './figures.ts';

function billOf(bill: FoundBill | undefined): Pick<ReportTrace, 'bill'> {
  if (bill === undefined) return {};
  const { low, high, expected, taskCost, stagingCost, alone, machines, foundWarm } = bill.cost;
  const used = Math.min(expected.priced, alone.used);
  const whole = expected.priced;
  return {
    bill: {
      cost: shownEstimate({
        low,
        expected: whole,
        high,
        unit: bill.currency,
        basis: 'assumed',
        source: `${bill.tasks} attempts at tasks in ${bill.run.name}`,
      }),
      tasks: significant(used),
      // Of each task's share the part in which no script ran.
      staging: significant(taskCost.priced === 0 ? 0 : (used * stagingCost) / taskCost.priced),
      retries: significant(alone.retries),
      idle: significant(whole - used),
      machines: machines.length,
      machineHours: significant(alone.machineHours),
      regions: [...new Set(machines.map(({ region }) => region))].sort(compare),
      spot: machines.filter(({ market }) => market === 'spot').length,
      ...(foundWarm > 0 && { shared: true as const }),
    },
  };
}

function tookOf(run: TraceRun): Pick<ReportTrace, 'took'> {
  const took = lengthOf(run);
  return took === undefined ? {} : { took: significant(took) };
}

const MS_PER_HOUR = 3_600_000;

/** For which tasks of these processes ran, as far as the trace tells. */
function hoursOf(run: TraceRun, some: TraceMatch['unmatched']): number {
  const names = new Set(some.map(({ process }) => process));
  let ms = 0;
  for (let row = 0; row < run.rows; row += 1) {
    if (!names.has(run.processes[run.process[row] as number] as string) || run.status[row] === CACHED) continue;
    const held = (run.completeMs[row] as number) - (run.startMs[row] as number);
    ms += Number.isNaN(held) ? (run.realtimeMs[row] as number) || (run.durationMs[row] as number) || 0 : Math.max(0, held);
  }
  return ms / MS_PER_HOUR;
}

const CACHED = STATUSES.indexOf('CACHED');

export function accuracyOf({ replay }: Analysis): Pick<Report, 'accuracy'> {
  if (replay === undefined) return {};
  const { run, took, simulated, error, isThere } = replay;
  return {
    accuracy: {
      trace: run.name,
      took: significant(took),
      simulated: significant(simulated),
      replayError: significant(error),
      ...(isThere && { sameExecutor: true as const }),
    },
  };
}

export function tracesOf({ evidence: { matches, doubles }, scaled, recordedBills }: Analysis): { traces?: readonly ReportTrace[] } {
  const parts = scaled.all.flatMap(({ evidence, scale }) => evidence.matches.map((match) => ({ ...match, scale })));
  if (matches.length + parts.length === 0) return {};
  const traces = [...matches.map((match) => ({ ...match, scale: undefined })), ...parts].map(
    ({ run, rowsOf, unmatched, scale }): ReportTrace => ({
      name: run.name,
      format: run.format,
      rows: run.rows,
      matched: [...rowsOf.values()].reduce((sum, rows) => sum + rows.length, 0),
      unmatched: [...unmatched].sort((one, two) => compare(one.process, two.process)),
      ...(unmatched.length > 0 && { unmatchedHours: significant(hoursOf(run, unmatched)) }),
      missingFields: missingFields(run),
      ...(rowsOf.size > 0 &&
        [...rowsOf.values()].every((rows) => !rows.some((row) => countsAsTask(run, row))) && { unfinished: true as const }),
      ...tookOf(run),
      ...billOf(recordedBills.find((bill) => bill.run === run)),
      ...(scale === undefined ? {} : { scale }),
    }),
  );
  for (const { run, as } of doubles) {
    const { name, format, rows } = run;
    traces.push({ name, format, rows, matched: 0, unmatched: [], missingFields: missingFields(run), sameRunAs: as.name });
  }
  return { traces };
}
