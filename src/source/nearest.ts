/** "Did you mean …?" */

/** The names nearest to what was written, the nearest first; none that is too far off to be meant. */
export function nearest(written: string, names: Iterable<string>, most = 1): string[] {
  const limit = Math.max(1, Math.floor(written.length * 0.3));
  const lowered = written.toLowerCase();
  const squeezed = squeeze(written);
  const near: { name: string; distance: number }[] = [];
  for (const name of new Set(names)) {
    // CAT_ADDITIONAL_FASTA became CUSTOM_CATADDITIONALFASTA: a part added, the underscores gone.
    const other = squeeze(name);
    if (squeezed.length >= 5 && other.includes(squeezed)) {
      near.push({ name, distance: (other.length - squeezed.length) / 100 });
      continue;
    }
    if (Math.abs(name.length - written.length) > limit) continue;
    const distance = editDistance(lowered, name.toLowerCase(), limit);
    if (distance <= limit) near.push({ name, distance });
  }
  near.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  // What holds the whole word is meant; what is merely alike need not be named beside it.
  if (near[0] !== undefined && near[0].distance < 1) return [near[0].name];
  return near.slice(0, most).map(({ name }) => name);
}

function squeeze(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Letters to add, drop, change or swap with a neighbour (optimal string alignment); more than `limit` is `limit + 1`. */
export function editDistance(a: string, b: string, limit: number): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min((last[column] as number) + 1, (current[column - 1] as number) + 1, (last[column - 1] as number) + (same ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, (before[column - 2] as number) + 1);
      }
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    before = last;
    last = current;
  }
  return last[b.length] as number;
}
