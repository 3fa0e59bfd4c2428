import { describe, expect, test } from 'vitest';
import { type Edge, shapeOfNumbers } from '../../src/analysis/passes/shape.ts';

describe('worked graphs', () => {
  test('nothing at all', () => {
    expect(shapeOfNumbers(0, [])).toEqual({ levels: [], width: 0, widthIs: 'exact', longestChain: [], cycle: undefined });
  });

  test('trim → align → {sort → call, stats} beside a QC of the raw reads', () => {
    // 0 FASTQC · 1 TRIM · 2 ALIGN · 3 SORT · 4 STATS · 5 CALL
    const shape = shapeOfNumbers(6, [
      [1, 2],
      [2, 3],
      [2, 4],
      [3, 5],
    ]);
    expect(shape.levels).toEqual([[0, 1], [2], [3, 4], [5]]);
    expect(shape.longestChain).toEqual([1, 2, 3, 5]);
    // FASTQC, STATS and one of SORT and CALL.
    expect(shape.width).toBe(3);
  });

  test('the width may be larger than any level', () => {
    // Levels {0,3} {1,2,4} {5,6}, so none has more than 3; but 1, 2, 5 and 6 do not need one another.
    const shape = shapeOfNumbers(7, [
      [0, 1],
      [0, 2],
      [3, 4],
      [4, 5],
      [4, 6],
    ]);
    expect(shape.levels.map((level) => level.length)).toEqual([2, 3, 2]);
    expect(shape.width).toBe(4);
  });

  test('a loop is cut once and named', () => {
    const shape = shapeOfNumbers(4, [
      [0, 1],
      [1, 2],
      [2, 1],
      [2, 3],
    ]);
    expect(shape.cycle).toEqual([1, 2]);
    expect(shape.levels).toEqual([[0], [1], [2], [3]]);
    expect(shapeOfNumbers(1, [[0, 0]])).toMatchObject({ cycle: [0], levels: [[0]], width: 1 });
  });

  test('above the bound the width is said to be a lower bound', () => {
    expect(shapeOfNumbers(7, [[0, 1]], 5)).toMatchObject({ width: 6, widthIs: 'at least' });
  });

  test('a long chain and a wide fan take no time', () => {
    const before = performance.now();
    const chain: Edge[] = Array.from({ length: 1999 }, (_, at) => [at, at + 1]);
    expect(shapeOfNumbers(2000, chain)).toMatchObject({ width: 1 });
    const fan: Edge[] = Array.from({ length: 1998 }, (_, at) => [at + 1, 1999]);
    expect(shapeOfNumbers(2000, fan).width).toBe(1999);
    expect(
      shapeOfNumbers(
        100_000,
        Array.from({ length: 99_999 }, (_, at) => [at, at + 1] as Edge),
      ).longestChain.length,
    ).toBe(100_000);
    expect(performance.now() - before).toBeLessThan(3000);
  });
});

describe('random graphs against brute force', () => {
  let seed = 11;
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return (seed >> 8) % below;
  };
  test('width, levels and longest chain', () => {
    for (let round = 0; round < 1500; round++) {
      const count = 1 + next(9);
      const density = 1 + next(6);
      const names = Array.from({ length: count }, (_, at) => at).sort(() => next(3) - 1);
      const edges: Edge[] = [];
      for (let from = 0; from < count; from++) {
        for (let to = from + 1; to < count; to++) if (next(density) === 0) edges.push([names[from] as number, names[to] as number]);
      }
      const shape = shapeOfNumbers(count, edges);
      const reaches = Array.from({ length: count }, () => new Array<boolean>(count).fill(false));
      for (const [from, to] of edges) (reaches[from] as boolean[])[to] = true;
      for (let via = 0; via < count; via++) {
        for (let from = 0; from < count; from++) {
          for (let to = 0; to < count; to++) if (reaches[from]?.[via] && reaches[via]?.[to]) (reaches[from] as boolean[])[to] = true;
        }
      }
      let widest = 0;
      let longest = 0;
      for (let set = 1; set < 1 << count; set++) {
        const members = Array.from({ length: count }, (_, at) => at).filter((at) => (set >> at) & 1);
        const related = (a: number, b: number): boolean => reaches[a]?.[b] === true || reaches[b]?.[a] === true;
        const pairs = members.flatMap((a, at) => members.slice(at + 1).map((b) => related(a, b)));
        if (!pairs.includes(true)) widest = Math.max(widest, members.length);
        if (!pairs.includes(false)) longest = Math.max(longest, members.length);
      }
      expect(shape.width).toBe(widest);
      expect(shape.longestChain.length).toBe(longest);
      expect(shape.levels.length).toBe(longest);
      expect(shape.cycle).toBeUndefined();
      for (let at = 1; at < shape.longestChain.length; at++) {
        expect(edges).toContainEqual([shape.longestChain[at - 1], shape.longestChain[at]]);
      }
      const level = new Map(shape.levels.flatMap((some, at) => some.map((vertex) => [vertex, at] as const)));
      for (const [from, to] of edges) expect(level.get(from)).toBeLessThan(level.get(to) as number);
    }
  });

  test('graphs with loops always give levels for every vertex', () => {
    for (let round = 0; round < 500; round++) {
      const count = 1 + next(8);
      const edges: Edge[] = Array.from({ length: next(20) }, () => [next(count), next(count)]);
      const shape = shapeOfNumbers(count, edges);
      expect(shape.levels.flat().sort()).toEqual(Array.from({ length: count }, (_, at) => at));
      const loop = shape.cycle;
      if (loop !== undefined) {
        for (let at = 0; at < loop.length; at++) expect(edges).toContainEqual([loop[at], loop[(at + 1) % loop.length]]);
      }
    }
  });
});
