/** Cpus of the machines that hold what waits, and which of them is taken, by hand. */
import { describe, expect, test } from 'vitest';
import { cpusHolding, type InstanceType, lotOf, typeFor } from '../../../src/analysis/simulate/platforms/packing.ts';

const GB = 2 ** 30;
const type = (cpus: number, usdPerHour = cpus * 0.05): InstanceType => ({
  name: `of ${cpus}`,
  cpus,
  memoryBytes: cpus * 4 * GB,
  usdPerHour,
});
const TYPES = [2, 4, 8, 16, 32, 48, 64, 96, 128].map((cpus) => type(cpus));
const waiting = (count: number, cpus: number, memory = 1): { request: { cpus: number; memoryBytes: number }; count: number } => ({
  request: { cpus, memoryBytes: memory * GB },
  count,
});

describe('machines that hold what waits', () => {
  test.each([
    ['ten tasks of 4 cpus: 32 and 8', [waiting(10, 4)], 40],
    // 48 hold four of 12, 96 eight: none stands empty, and two more need 32, or 16 each.
    ['ten of 12: 96, and 16 and 16 or 32', [waiting(10, 12)], 128],
    ['as much memory as 4 cpus have: a machine of 4 each, or a larger one that is full', [waiting(3, 1, 16)], 12],
    ['what fits beside one another', [waiting(1, 6, 1), waiting(1, 2, 30)], 8],
    ['what none holds is in none', [waiting(1, 200), waiting(1, 2)], 2],
  ] as const)('%s', (_, lots, cpus) => {
    expect(cpusHolding(TYPES, lots)).toBe(cpus);
  });

  test('one that costs nothing is taken before all others', () => {
    const types = [...TYPES, { ...type(16, 0), name: 'free' }];
    expect(typeFor(types, [lotOf(types, waiting(3, 4))], 0.6)?.name).toBe('free');
  });
});
