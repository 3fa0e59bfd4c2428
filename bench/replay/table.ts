// What a replay found, as it is kept in golden.json and printed in docs/model.md.

export interface ReplayedRun {
  readonly name: string;
  readonly tasks: number;
  /** Whole seconds. */
  readonly trueS: number;
  readonly replayS: number;
  /** The first of its kind has none. */
  readonly siblingS?: number;
  /** Whole seconds in which Nextflow submitted nothing that it could have. */
  readonly stillS: number;
  /** What else is known of a miss. */
  readonly known?: string;
}

/** The table and the lines below it. */
export function replayTable(runs: readonly ReplayedRun[]): string {
  const rows = runs.map(({ name, tasks, trueS, replayS, siblingS, stillS, known }) => {
    const notes = [stillS > 0 ? `Nextflow stood still for ${stillS} s` : '', known ?? ''].filter((note) => note !== '');
    const sibling = siblingS === undefined ? [' ', ' '] : [` ${siblingS} `, ` ${percent(siblingS / trueS - 1)} `];
    const cells = [
      ` ${name} `,
      ` ${tasks} `,
      ` ${trueS} `,
      ` ${replayS} `,
      ` ${percent(replayS / trueS - 1)} `,
      ...sibling,
      ` ${notes.join('; ')} `,
    ];
    return `|${cells.map((cell) => (cell.trim() === '' ? '  ' : cell)).join('|')}|`;
  });
  return [
    '| run | tasks | true s | replay s | error | sibling s | error | what is known of the miss |',
    '|---|---:|---:|---:|---:|---:|---:|---|',
    ...rows,
    '',
    summaryOf(
      'replay',
      runs.map(({ replayS, trueS }) => replayS / trueS - 1),
    ),
    summaryOf(
      'replay and the standstill of the run itself',
      runs.map(({ replayS, stillS, trueS }) => (replayS + stillS) / trueS - 1),
    ),
    summaryOf(
      'sibling',
      runs.flatMap(({ siblingS, trueS }) => (siblingS === undefined ? [] : [siblingS / trueS - 1])),
    ),
  ].join('\n');
}

function summaryOf(kind: string, errors: readonly number[]): string {
  if (errors.length === 0) return `- ${kind}: no runs`;
  const sorted = errors.map(Math.abs).sort((one, two) => one - two);
  const at = (share: number): string => percent(sorted[Math.ceil(share * sorted.length) - 1] as number);
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  return `- ${kind}: ${errors.length} runs, error median ${at(0.5)}, p90 ${at(0.9)}, worst ${at(1)}; mean with its sign ${percent(mean)}`;
}

function percent(share: number): string {
  const text = (100 * share).toFixed(1);
  return `${text.startsWith('-') ? '' : '+'}${text} %`;
}
