/** Sentences of findings: names in a row, and numbers with their noun. */

/** "A", "A and B", "A, B and 3 more". */
export function listOf(names: readonly string[], most = 3): string {
  if (names.length <= 1) return names[0] ?? '';
  if (names.length <= most) return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} more`;
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The last part of a fully-qualified name: what people call the call. */
export function shortName(id: string): string {
  return id.slice(id.lastIndexOf(':') + 1);
}

/** Short names, each once, in the order given. */
export function shortNames(ids: Iterable<string>): string[] {
  return [...new Set([...ids].map(shortName))];
}

/** Short names of two groups of calls, each once; longer by the workflows around them where a name would be in both groups. */
export function namesApart(one: readonly string[], two: readonly string[]): [string[], string[]] {
  const tail = (id: string, depth: number): string => id.split(':').slice(-depth).join(':');
  const named = (ids: readonly string[], others: readonly string[]): string[] => [
    ...new Set(
      ids.map((id) => {
        const most = id.split(':').length;
        let depth = 1;
        while (depth < most && others.some((other) => tail(other, depth) === tail(id, depth))) depth += 1;
        return tail(id, depth);
      }),
    ),
  ];
  return [named(one, two), named(two, one)];
}

/** Behind what runs tell that were short all over. */
export const TEST_DATA = '; no task of the run took five minutes, and what test data need says little of real data';
