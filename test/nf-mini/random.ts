/** Choices drawn from a source of numbers between 0 and 1. */
export interface Random {
  chance(probability: number): boolean;
  /** Whole, both ends included. */
  between(low: number, high: number): number;
  pick<T>(items: readonly T[]): T;
  weighted<T>(items: readonly T[], weight: (item: T) => number): T;
  shuffled<T>(items: readonly T[]): T[];
}

export function randomOf(next: () => number): Random {
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    chance: (probability) => next() < probability,
    between,
    pick: (items) => items[between(0, items.length - 1)]!,
    weighted: (items, weight) => {
      let left = next() * items.reduce((sum, item) => sum + weight(item), 0);
      return items.find((item) => (left -= weight(item)) < 0) ?? items.at(-1)!;
    },
    shuffled: (items) => {
      const rest = items.slice();
      return items.map(() => rest.splice(between(0, rest.length - 1), 1)[0]!);
    },
  };
}
