/** "Did you mean …?" */

/** The names nearest to what was written, the nearest first; none that is too far off to be meant. */
export function nearest(written: string, names: Iterable<string>, most = 1): string[] {
  return new Spellings(names).nearest(written, most);
}

/** Names to be asked about more than once. */
export class Spellings {
  readonly #names: readonly { readonly name: string; readonly lowered: string; readonly squeezed: string; readonly signs: number }[];

  constructor(names: Iterable<string>) {
    this.#names = [...new Set(names)].map((name) => {
      const lowered = name.toLowerCase();
      return { name, lowered, squeezed: squeeze(name), signs: signsOf(lowered) };
    });
  }

  /** As the function of that name. */
  nearest(written: string, most = 1): string[] {
    const limit = Math.max(1, Math.floor(written.length * 0.3));
    const lowered = written.toLowerCase();
    const squeezed = squeeze(written);
    const signs = signsOf(lowered);
    const near: { name: string; distance: number }[] = [];
    for (const other of this.#names) {
      const { name } = other;
      // CAT_ADDITIONAL_FASTA became CUSTOM_CATADDITIONALFASTA: a part added, the underscores gone.
      if (squeezed.length >= 5 && other.squeezed.includes(squeezed)) {
        near.push({ name, distance: (other.squeezed.length - squeezed.length) / 100 });
        continue;
      }
      if (Math.abs(name.length - written.length) > limit) continue;
      // A letter that only one of them has is a change at least.
      if (count(signs & ~other.signs) > limit || count(other.signs & ~signs) > limit) continue;
      const distance = editDistance(lowered, other.lowered, limit);
      if (distance <= limit) near.push({ name, distance });
    }
    near.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
    // What holds the whole word is meant; what is merely alike need not be named beside it.
    if (near[0] !== undefined && near[0].distance < 1) return [near[0].name];
    return near.slice(0, most).map(({ name }) => name);
  }
}

/** Which characters there are, a bit for each of 32 kinds. */
function signsOf(text: string): number {
  let signs = 0;
  for (let at = 0; at < text.length; at++) signs |= 1 << (text.charCodeAt(at) & 31);
  return signs;
}

/** How many bits are set. */
function count(bits: number): number {
  let left = bits;
  let some = 0;
  for (; left !== 0; left &= left - 1) some++;
  return some;
}

function squeeze(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Letters to add, drop, change or swap with a neighbour (optimal string alignment); more than `limit` is `limit + 1`. */
export function editDistance(a: string, b: string, limit: number): number {
  const width = b.length + 1;
  // Cells further than the limit from the diagonal cannot lie on a way that is short enough: they stay too far.
  const far = limit + 1;
  let before = new Int32Array(width).fill(far);
  let last = new Int32Array(width).fill(far);
  let current = new Int32Array(width).fill(far);
  for (let column = 0; column <= Math.min(limit, b.length); column++) last[column] = column;
  for (let row = 1; row <= a.length; row++) {
    const from = Math.max(1, row - limit);
    const to = Math.min(b.length, row + limit);
    current[from - 1] = from === 1 && row <= limit ? row : far;
    let least = current[from - 1] as number;
    for (let column = from; column <= to; column++) {
      const same = a.charCodeAt(row - 1) === b.charCodeAt(column - 1);
      const beside = column === row + limit ? far : (last[column] as number);
      let cost = Math.min(beside + 1, (current[column - 1] as number) + 1, (last[column - 1] as number) + (same ? 0 : 1), far);
      if (
        row > 1 &&
        column > 1 &&
        a.charCodeAt(row - 1) === b.charCodeAt(column - 2) &&
        a.charCodeAt(row - 2) === b.charCodeAt(column - 1)
      ) {
        cost = Math.min(cost, (before[column - 2] as number) + 1);
      }
      current[column] = cost;
      least = Math.min(least, cost);
    }
    if (least > limit) return far;
    [before, last, current] = [last, current, before];
  }
  return Math.min(last[b.length] as number, far);
}
