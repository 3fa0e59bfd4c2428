/** What tasks could be given instead, and how long they would take with it. */
export interface CpuOption {
  readonly cpus: number;
  /** Times what a task takes today. */
  readonly factor: number;
}

const STEPS = [2, 4, 6, 8, 12, 16, 24, 32];

/**
 * Today's number among them; the fastest first.
 * @param factorWith times what a task takes today, with so many
 */
export function cpuOptions(today: number, most: number, factorWith: (cpus: number) => number): CpuOption[] {
  return [...new Set([...STEPS.filter((step) => step <= most), today])]
    .sort((one, two) => two - one)
    .map((cpus) => ({ cpus, factor: factorWith(cpus) }));
}

/** The cheapest that a machine can be, for what is asked of it: no mixture of machines holds more cpus and bytes for less. */
export interface UnitPrices {
  readonly perCpu: number;
  readonly perByte: number;
}

/**
 * Prices of a cpu and of a byte by which no machine costs more than it does, and what is asked for costs most: the bill of any machines is at least that of what ran
 * on them. (The larger of a task's two shares of its machine is no such bound: tasks that want cpus and tasks that want memory fit beside one another.)
 * @param asked cpus and bytes, each by time
 */
export function leastUnitPrices(
  machines: readonly { readonly cpus: number; readonly memoryBytes: number; readonly price: number }[],
  asked: { readonly cpus: number; readonly bytes: number },
): UnitPrices {
  const holds = ({ perCpu, perByte }: UnitPrices): boolean =>
    machines.every(({ cpus, memoryBytes, price }) => perCpu * cpus + perByte * memoryBytes <= price * (1 + 1e-9));
  const alone: UnitPrices[] = [
    { perCpu: Math.min(...machines.map(({ cpus, price }) => price / cpus)), perByte: 0 },
    { perCpu: 0, perByte: Math.min(...machines.map(({ memoryBytes, price }) => price / memoryBytes)) },
  ];
  // The corners of what is allowed: where two machines cost just what they do.
  const corners = machines.flatMap((one, at) =>
    machines.slice(at + 1).flatMap((two): UnitPrices[] => {
      const area = one.cpus * two.memoryBytes - two.cpus * one.memoryBytes;
      if (area === 0) return [];
      const perCpu = (one.price * two.memoryBytes - two.price * one.memoryBytes) / area;
      const perByte = (one.cpus * two.price - two.cpus * one.price) / area;
      return perCpu < 0 || perByte < 0 ? [] : [{ perCpu, perByte }];
    }),
  );
  let [most, best] = [Number.NEGATIVE_INFINITY, { perCpu: 0, perByte: 0 }];
  for (const corner of [...alone, ...corners]) {
    const sum = corner.perCpu * asked.cpus + corner.perByte * asked.bytes;
    if (sum > most && holds(corner)) [most, best] = [sum, corner];
  }
  return best;
}
