/** Of few tasks: whether larger ones may come, and what these need. */
import { describe, expect, test } from 'vitest';
import { needOfLarger } from '../../src/analysis/passes/sizing/larger-inputs.ts';
import { planMemory } from '../../src/analysis/passes/sizing/memory-sizing.ts';

const GIB = 2 ** 30;
const bytes = (...gib: number[]): Float64Array => Float64Array.from(gib, (one) => one * GIB);

describe('what a task of a larger input needs', () => {
  test('lies on the line through needs and reads, where two in a hundred read more', () => {
    // Logarithms of 1, 2, 2, 2, 4: mean ln 2, spread ln 2 · √(2/4); ln 2 + 2.999 · 0.4901 · √1.2 = ln 10.0: 1 + 10.0 GB.
    expect(needOfLarger(bytes(2, 3, 3, 3, 5), bytes(1, 2, 2, 2, 4)) / GIB).toBeCloseTo(11.0, 1);
    // The more were seen, the nearer.
    expect(needOfLarger(bytes(2, 3, 3, 3, 5, 2, 3, 3, 5), bytes(1, 2, 2, 2, 4, 1, 2, 2, 4)) / GIB).toBeLessThan(9);
  });
  test('is nothing that is known where needs do not follow reads, reads fall with time or are not known, or tasks are many', () => {
    expect(needOfLarger(bytes(3, 2, 5, 3, 3), bytes(1, 2, 2, 2, 4))).toBe(0);
    expect(needOfLarger(bytes(5, 3, 3, 3, 2), bytes(4, 2, 2, 2, 1))).toBe(0);
    expect(needOfLarger(bytes(2, 3, 3, 3, 5), bytes(1, 2, Number.NaN, 2, 4))).toBe(0);
    const many = Array.from({ length: 12 }, (_, at) => 1 + at);
    expect(needOfLarger(bytes(...many), bytes(...many))).toBe(0);
  });
});

test('is the least that is asked for, and never more than was enough before', () => {
  const use = { peaks: bytes(2, 3, 3, 3, 5), seconds: Float64Array.of(9, 9, 9, 9, 9), read: bytes(1, 2, 2, 2, 4) };
  const first = (requested: number): number => (planMemory([{ ...use, requested: requested * GIB }])[0]?.ladder[0] ?? 0) / GIB;
  expect(first(64)).toBeGreaterThanOrEqual(11);
  expect(first(64)).toBeLessThan(12);
  expect(first(8)).toBe(8);
  // Of the same tasks, if nobody knows what they read.
  expect((planMemory([{ ...use, read: undefined, requested: 64 * GIB }])[0]?.ladder[0] ?? 0) / GIB).toBeLessThan(8);
});
