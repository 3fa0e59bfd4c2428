/** What the runs that traces tell of cost, where the traces say on what machines their tasks ran. */
import type { TraceMatch } from '../../../parser/graph/trace-matches.ts';
import { hasRun, STATUSES, type TraceRun } from '../../../parser/trace/trace-run.ts';
import { type MissingPrice, totalOf } from '../../cost/money.ts';
import type { PriceBook } from '../../cost/price-book.ts';
import { costOfRecordedRun, type RecordedRunCost, type RecordedTask } from '../../cost/recorded-run.ts';

export interface RecordedBill {
  readonly run: TraceRun;
  /** Attempts at tasks that are in it, those of calls that are not of this pipeline too. */
  readonly tasks: number;
  readonly cost: RecordedRunCost;
  readonly currency: string;
}

export interface RecordedBills {
  readonly bills: readonly RecordedBill[];
  /** Because of which a run has none. */
  readonly missing: readonly MissingPrice[];
}

/** Of runs of which each task that ran has a kind of machine, a zone and its times: a bill for a part of them would be none. */
export function recordedBills(matches: readonly TraceMatch[], prices: PriceBook | undefined): RecordedBills {
  const bills: RecordedBill[] = [];
  const missing = new Map<string, MissingPrice>();
  for (const { run } of prices === undefined ? [] : matches) {
    const tasks = recordedTasks(run);
    if (prices === undefined || tasks === undefined || tasks.length === 0) continue;
    const cost = costOfRecordedRun(tasks, prices);
    if (totalOf(cost.expected) === undefined) for (const one of cost.expected.missing) missing.set(one.missing, one);
    else bills.push({ run, tasks: tasks.length, cost, currency: prices.currency });
  }
  return { bills, missing: [...missing.values()] };
}

const [FAILED, ABORTED] = [STATUSES.indexOf('FAILED'), STATUSES.indexOf('ABORTED')];

function recordedTasks(run: TraceRun): RecordedTask[] | undefined {
  if (!run.fields.has('machineType') || !run.fields.has('zone')) return undefined;
  const tasks: RecordedTask[] = [];
  for (let row = 0; row < run.rows; row += 1) {
    const useful = hasRun(run, row);
    if ((!useful && run.status[row] !== FAILED && run.status[row] !== ABORTED) || (run.repeats[row] as number) >= 0) continue;
    const [start, complete] = [(run.startMs[row] as number) / 1000, (run.completeMs[row] as number) / 1000];
    const [machineType, zone] = [run.machineType.at(row), run.zone.at(row)];
    // What never started was on no machine.
    if (!useful && (Number.isNaN(start) || machineType === undefined)) continue;
    if (!(complete >= start) || machineType === undefined || zone === undefined) return undefined;
    const or = (value: number | undefined, other: number): number => (value === undefined || Number.isNaN(value) ? other : value);
    const stated = run.costUsd[row] as number;
    tasks.push({
      call: run.processes[run.process[row] as number] as string,
      machineType,
      zone,
      // `eu-west-1a`, `us-central1-a`
      region: zone.replace(/-?[a-z]$/, ''),
      market: /spot|preemptible/i.test(run.priceModel.at(row) ?? '') ? 'spot' : 'on-demand',
      cpus: or(run.cpus[row], 1),
      memoryBytes: or(run.memoryBytes[row], 0),
      submit: or((run.submitMs[row] as number) / 1000, start),
      start,
      complete,
      realtime: or((run.realtimeMs[row] as number) / 1000, complete - start),
      useful,
      ...(stated > 0 && { statedUsd: stated }),
    });
  }
  return tasks;
}
