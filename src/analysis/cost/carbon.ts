/**
 * Grams of CO2 equivalent by the method of Cloud Carbon Footprint: what processors and memory draw, times the data centre's overhead, times the
 * grid's intensity. What machines took to build is not in it.
 */
import type { MissingPrice } from './money.ts';
import type { PriceBook } from './price-book.ts';
import type { MachineUse } from './run-cost.ts';

export interface Carbon {
  readonly grams: number;
  readonly kilowattHours: number;
  /** Factors that are not known: machines with them are left out of the sums. */
  readonly missing: readonly MissingPrice[];
}

const HINT = 'no published factor is at hand';

/** @param busy the share of the vCPUs that works, 0 to 1; absent: Cloud Carbon Footprint's 0.5. */
export function carbonOf(machines: Iterable<MachineUse>, prices: PriceBook, busy?: number): Carbon {
  const { constants, watts, grids } = prices.carbonData;
  const load = busy ?? (constants.default_cpu_utilisation as number);
  const missing = new Map<string, MissingPrice>();
  let grams = 0;
  let kilowattHours = 0;
  for (const { type, region, from, to } of machines) {
    const machine = prices.machine(type);
    const provider = machine?.provider ?? 'own';
    const [atRest, atWork] = watts[provider]?.[machine?.cpuGeneration ?? ''] ?? [];
    const overhead = constants[`pue_${provider}`];
    const [intensity] = grids[provider]?.[region] ?? [];
    const lacks = [
      ...(machine === undefined || atRest === undefined || atWork === undefined ? [`watts of ${type}`] : []),
      ...(overhead === undefined ? [`overhead of ${provider} data centres`] : []),
      ...(intensity === undefined ? [`grid of ${region}`] : []),
    ];
    for (const what of lacks) missing.set(what, { missing: what, hint: HINT });
    if (lacks.length > 0 || machine === undefined || atRest === undefined || atWork === undefined) continue;
    const hours = (to - from) / 3600;
    const drawn =
      (machine.vcpus * (atRest + load * (atWork - atRest)) * hours) / 1000 +
      machine.memoryGib * (constants.memory_kwh_per_gb_hour as number) * hours;
    kilowattHours += drawn * (overhead as number);
    grams += drawn * (overhead as number) * (intensity as number);
  }
  return { grams, kilowattHours, missing: [...missing.values()] };
}
