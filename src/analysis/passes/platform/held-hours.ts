/** What tasks keep from others while they run: cpus and memory that they asked for, times how long, failed attempts whole. */
import type { Estimate } from '../../estimate/estimate.ts';
import type { Request } from '../../simulate/platforms/platform.ts';
import type { CallSettings, Simulation } from '../../simulate/simulate.ts';
import type { TaskGraph } from '../../simulate/task-graph.ts';
import { rangeOf } from '../../simulate/worlds.ts';

export interface HeldHours {
  /** `cpu·h`. */
  readonly cpus: Estimate;
  /** `GB·h`, of 1024³ bytes. Absent where tasks ask for none. */
  readonly memory?: Estimate;
}

const HOUR_MS = 3_600_000;
const GB = 2 ** 30;

/** Gathers the worlds of a run. */
export class HeldHoursByWorld {
  readonly #cpus: number[] = [];
  readonly #memory: number[] = [];

  add({ groups }: TaskGraph, calls: readonly CallSettings[], { starts, ends, attempts }: Simulation): void {
    let [cpus, memory] = [0, 0];
    let known = true;
    for (const [group, { first, size }] of groups.entries()) {
      const { ladders, failsAfter = 1 } = calls[group] as CallSettings;
      const [ladder = []] = ladders;
      for (let task = first; task < first + size; task += 1) {
        const whole = ((ends[task] as number) - (starts[task] as number)) / HOUR_MS;
        if (Number.isNaN(whole)) continue;
        const tried = attempts[task] as number;
        for (let attempt = 0; attempt < tried; attempt += 1) {
          const hours = attempt < tried - 1 ? whole * failsAfter : whole;
          const asked = ladder[Math.min(attempt, ladder.length - 1)] as Request;
          cpus += hours * asked.cpus;
          memory += (hours * asked.memoryBytes) / GB;
          known &&= asked.memoryBytes > 0;
        }
      }
    }
    this.#cpus.push(cpus);
    if (known) this.#memory.push(memory);
  }

  /** @param known how durations are known */
  estimate(known: Pick<Estimate, 'basis' | 'source'>): HeldHours {
    return {
      cpus: { ...rangeOf(Float64Array.from(this.#cpus)), unit: 'cpu·h', ...known },
      ...(this.#memory.length === this.#cpus.length && { memory: { ...rangeOf(Float64Array.from(this.#memory)), unit: 'GB·h', ...known } }),
    };
  }
}
