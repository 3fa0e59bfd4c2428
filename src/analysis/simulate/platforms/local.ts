/** Nextflow's local executor: it counts cpus and memory itself and sees an end at once (LocalPollingMonitor). */
import type { Random } from '../random.ts';
import { FixedFleet, type Turnaround } from './fixed-fleet.ts';
import type { Executor, Platform } from './platform.ts';
import type { Capacity } from './room.ts';

export interface LocalOptions extends Capacity {
  /** `executor.queueSize`; the number of cpus where it is not set, also if `executor.cpus` says otherwise: Nextflow takes the machine's own. */
  readonly queueSize?: number;
  readonly executor?: Partial<Executor>;
}

export function local({ queueSize, executor, ...capacity }: LocalOptions): Platform {
  return {
    name: 'local',
    executor: { queueSize: queueSize ?? Math.floor(capacity.cpus), pollMs: 0, submitMs: 0, reportMs: 0, collectMs: 0, ...executor },
    direct: true,
    renewals: 0,
    open: (random: Random) => new FixedFleet([{ ...capacity, count: 1 }], 'first', AT_ONCE, random),
  };
}

const AT_ONCE: Turnaround = { inLineMs: 0, ownMs: { median: 0, p90: 0 }, clearMs: 0 };
