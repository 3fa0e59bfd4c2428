/**
 * Grams of CO2 equivalent by the method of Cloud Carbon Footprint: what processors and memory draw, times the data centre's overhead, times the
 * grid's intensity. What machines took to build is not in it.
 */
import type { MissingPrice } from './money.ts';
import type { PriceBook } from './price-book.ts';
import type { MachineUse } from './run-cost.ts';

/** With vCPUs at rest, as busy as Cloud Carbon Footprint takes them to be (half), and at work all the time. */
export interface Drawn {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

export interface Carbon {
  readonly grams: Drawn;
  readonly kilowattHours: Drawn;
  /** Factors that are not known: machines with them are left out of the sums. */
  readonly missing: readonly MissingPrice[];
}

const HINT = 'no published factor is at hand';

export function carbonOf(machines: Iterable<Pick<MachineUse, 'type' | 'region' | 'from' | 'to'>>, prices: PriceBook): Carbon {
  const { constants, watts, grids } = prices.carbonData;
  const usual = constants.default_cpu_utilisation as number;
  const missing = new Map<string, MissingPrice>();
  const grams = { low: 0, expected: 0, high: 0 };
  const kilowattHours = { low: 0, expected: 0, high: 0 };
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
    const ofMemory = machine.memoryGib * (constants.memory_kwh_per_gb_hour as number) * hours;
    for (const [at, load] of [
      ['low', 0],
      ['expected', usual],
      ['high', 1],
    ] as const) {
      const ofCpus = (machine.vcpus * (atRest + load * (atWork - atRest)) * hours) / 1000;
      const drawn = (ofCpus + ofMemory) * (overhead as number);
      kilowattHours[at] += drawn;
      grams[at] += drawn * (intensity as number);
    }
  }
  return { grams, kilowattHours, missing: [...missing.values()] };
}
