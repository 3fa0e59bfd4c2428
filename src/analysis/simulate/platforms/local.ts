/** Nextflow's local executor: it counts cpus and memory itself and sees an end at once (LocalPollingMonitor). */
import type { Random } from '../random.ts';
import { FixedFleet, type Turnaround } from './fixed-fleet.ts';
import type { Executor, Platform } from './platform.ts';
import type { Capacity } from './room.ts';

export interface LocalOptions extends Capacity {
  /** `executor.queueSize`; the number of cpus where it is not set, also if `executor.cpus` says otherwise: Nextflow takes the machine's own. */
  readonly queueSize?: number;
  readonly executor?: Partial<Executor>;
  /** From submission to the start of the command. */
  readonly startMs?: number;
}

export function local({ queueSize, executor, startMs = 0, ...capacity }: LocalOptions): Platform {
  const turnaround: Turnaround = { inLineMs: 0, ownMs: { median: startMs, p90: startMs }, clearMs: 0 };
  return {
    name: 'local',
    executor: { queueSize: queueSize ?? Math.floor(capacity.cpus), pollMs: 0, submitMs: 0, reportMs: 0, collectMs: 0, ...executor },
    direct: true,
    renewals: 0,
    open: (random: Random) => new FixedFleet([{ ...capacity, count: 1 }], 'first', turnaround, random),
  };
}
