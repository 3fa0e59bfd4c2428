/**
 * How long tasks take with other cpus than they had in the runs: one law for all who ask, be it for what a config asks for now, for what is proposed, or for time against money.
 * One setting was seen: with c cpus reserved a task kept p cores busy on the average. If its work stays the same, p is its speed-up, and by Amdahl the share f of it that runs side by side is
 * (1 − 1/p)/(1 − 1/c) (Amdahl 1967).
 */
import { AS_SEEN, type DurationSpread, type Reckoned } from '../../simulate/worlds.ts';

export interface CpuLaw {
  /** Cpus that tasks had. */
  readonly had: number;
  /** Of these kept busy on the average, 1 to `had`; NaN where no run says. */
  readonly busy: number;
  /** Its tools are told of every cpu that a task asks for. */
  readonly takesAll: boolean;
}

/**
 * Times what tasks took. With fewer cpus it lies between what was seen and one cpu, on which a task takes as long as all its cores were busy: by Amdahl, which holds at both ends. With more it is beyond
 * what was seen: by Amdahl too, or as long as it was where nobody knows that the tools would use them, and anything from no gain to as many times as fast as there are more cpus.
 */
export function ratioWith(law: CpuLaw | undefined, cpus: number): Reckoned {
  if (law === undefined || !(cpus > 0) || cpus === law.had) return AS_SEEN;
  const all = law.had / cpus;
  const isKnown = !Number.isNaN(law.busy);
  if (cpus > law.had) return { none: 1, expected: isKnown && law.takesAll ? amdahlRatio(law, cpus) : 1, all };
  // Nobody has seen how busy they were: where the tools are told of the cpus in the middle of what may be.
  if (!isKnown) return { none: 1, expected: law.takesAll ? Math.sqrt(all) : 1, all };
  const expected = amdahlRatio(law, cpus);
  return { none: expected, expected, all: expected };
}

/** What is taken for granted of them. */
export const OTHER_CPUS =
  'what other cpus than in the runs do to a task is reckoned by Amdahl’s law from the cores that it kept busy there, and with more than it had may be anything from no gain to full use of them; its files take as long';

/** The same tasks with other cpus than those that they have now. */
export function withCpus(spread: DurationSpread, law: CpuLaw | undefined, now: number, cpus: number): DurationSpread {
  if (law === undefined || cpus === now) return spread;
  const [was, is, before] = [ratioWith(law, now), ratioWith(law, cpus), spread.reckoned ?? AS_SEEN];
  const reckoned = {
    none: (before.none * is.none) / was.none,
    expected: (before.expected * is.expected) / was.expected,
    all: (before.all * is.all) / was.all,
  };
  return { ...spread, reckoned };
}

/** Of its work that can run side by side, 0 to 1; of what had one cpu nothing is known to. */
export function parallelShare({ had, busy }: Pick<CpuLaw, 'had' | 'busy'>): number {
  return had < 2 ? 0 : (1 - 1 / busy) / (1 - 1 / had);
}

function amdahlRatio(law: CpuLaw, cpus: number): number {
  const share = parallelShare(law);
  const timeWith = (some: number): number => 1 - share + share / some;
  return timeWith(cpus) / timeWith(law.had);
}
