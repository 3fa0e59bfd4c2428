/** What finds machines, against looking at all. */
import { expect, test } from 'vitest';
import { Ranking } from '../../../src/analysis/simulate/ranking.ts';
import { Tournament } from '../../../src/analysis/simulate/tournament.ts';
import { lehmer } from './random-worlds.ts';

test('a ranking has the highest score first, of equals the lowest number', () => {
  const next = lehmer(1);
  const ranking = new Ranking();
  const scores = new Map<number, number>();
  for (let turn = 0; turn < 5000; turn += 1) {
    const number = Math.floor(next() * 60);
    if (next() < 0.7) {
      const score = Math.floor(next() * 8);
      ranking.set(number, score);
      scores.set(number, score);
    } else if (scores.size > 0) {
      scores.delete(ranking.first as number);
      ranking.shift();
    }
    const [first] = [...scores].sort(([one, high], [two, low]) => low - high || one - two);
    expect([ranking.first, ranking.has(number)]).toEqual([first?.[0], scores.has(number)]);
    if (first !== undefined) expect(ranking.scoreOf(first[0])).toBe(first[1]);
  }
});

test('a tournament knows the first within a bound, or else the first of the least', () => {
  const next = lehmer(2);
  const tournament = new Tournament();
  const values: number[] = [];
  expect(tournament.firstWithin(5)).toBeUndefined();
  for (let turn = 0; turn < 5000; turn += 1) {
    const index = Math.floor(next() * Math.min(70, 1 + turn / 10));
    while (values.length <= index) values.push(Number.POSITIVE_INFINITY);
    values[index] = next() < 0.2 ? Number.POSITIVE_INFINITY : Math.floor(next() * 20);
    tournament.set(index, values[index] as number);
    const bound = Math.floor(next() * 10);
    const most = Math.max(bound, Math.min(...values));
    const first = most === Number.POSITIVE_INFINITY ? undefined : values.findIndex((value) => value <= most);
    expect(tournament.firstWithin(bound)).toBe(first);
  }
});
