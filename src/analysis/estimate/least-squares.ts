/** Least squares of few columns with no negative coefficient: times are sums of parts, and no part of a time is negative. */

/**
 * The coefficients, by column, of the fit with the least Σ (weight · (value − row · coefficients))². Each subset of columns is tried, so that the best is found: columns are four at most.
 * @param weights relative errors are weighed alike with one over the value
 */
export function nonNegativeFit(rows: readonly (readonly number[])[], values: readonly number[], weights: readonly number[]): number[] {
  const columns = rows[0]?.length ?? 0;
  let best: number[] = new Array(columns).fill(0);
  let least = Number.POSITIVE_INFINITY;
  for (let chosen = 1; chosen < 1 << columns; chosen += 1) {
    const within = Array.from({ length: columns }, (_, at) => at).filter((at) => chosen & (1 << at));
    const solved = solve(
      within.map((one) => within.map((other) => sum(rows, (row, at) => (weights[at] as number) ** 2 * at2(row, one) * at2(row, other)))),
      within.map((one) => sum(rows, (row, at) => (weights[at] as number) ** 2 * at2(row, one) * (values[at] as number))),
    );
    if (solved === undefined || solved.some((each) => !(each >= 0))) continue;
    const fit = best.map((_, at) => solved[within.indexOf(at)] ?? 0);
    const error = sum(rows, (row, at) => ((weights[at] as number) * ((values[at] as number) - dot(row, fit))) ** 2);
    // A part that tells nothing more is left out: subsets with fewer columns come first only by chance.
    if (error < least * (1 - 1e-9)) [best, least] = [fit, error];
  }
  return best;
}

function at2(row: readonly number[], column: number): number {
  return row[column] as number;
}

function dot(row: readonly number[], others: readonly number[]): number {
  return row.reduce((total, each, at) => total + each * (others[at] as number), 0);
}

function sum<T>(items: readonly T[], of: (item: T, at: number) => number): number {
  return items.reduce((total, item, at) => total + of(item, at), 0);
}

/** Gauss, with the largest pivot; undefined where the equations do not tell. */
function solve(matrix: number[][], right: number[]): number[] | undefined {
  const size = right.length;
  const rows = matrix.map((row, at) => [...row, right[at] as number]);
  const scale = Math.max(...matrix.map((row, at) => row[at] as number));
  for (let at = 0; at < size; at += 1) {
    let pivot = at;
    for (let row = at + 1; row < size; row += 1) if (Math.abs(cell(rows, row, at)) > Math.abs(cell(rows, pivot, at))) pivot = row;
    if (!(Math.abs(cell(rows, pivot, at)) > scale * 1e-12)) return undefined;
    [rows[at], rows[pivot]] = [rows[pivot] as number[], rows[at] as number[]];
    for (let row = 0; row < size; row += 1) {
      if (row === at) continue;
      const share = cell(rows, row, at) / cell(rows, at, at);
      for (let column = at; column <= size; column += 1)
        (rows[row] as number[])[column] = cell(rows, row, column) - share * cell(rows, at, column);
    }
  }
  return rows.map((row, at) => (row[size] as number) / (row[at] as number));
}

function cell(rows: readonly (readonly number[])[], row: number, column: number): number {
  return rows[row]?.[column] as number;
}
