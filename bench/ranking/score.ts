/** What a ranking is worth, once it is known what each change really gains. */
import type { Finding, Report } from '../../src/report/report.ts';
import type { Case } from './cases.ts';

/** One thing to mend: a finding, or those of a set together. */
export interface Choice {
  readonly name: string;
  /** Place in the ranking, from 1; noise is last. */
  readonly rank: number;
  readonly class: string;
  /** As it was said, 0 to 1. */
  readonly anyGain: number;
  /** By the expected gain alone, and by severity and place, as reports without a ranking are sorted. */
  readonly expected: number;
  readonly place: number;
  /** Truly: share of the whole time, and in how many of the worlds there is a gain. */
  readonly gain: number;
  readonly gains: number;
}

export interface Judged {
  readonly name: string;
  readonly faults: readonly string[];
  readonly choices: readonly Choice[];
}

/** Of the whole time: less is nothing. */
const TELLING = 0.005;

export function judgedOf(one: Case, guessed: Report, known: Report): Judged | undefined {
  const span = known.estimates?.now.wallClock.expected ?? 0;
  const truth = new Map(known.findings.map((finding) => [finding.fingerprint, finding]));
  const choices = new Map<string, Choice>();
  for (const [place, finding] of byPlace(guessed.findings).entries()) {
    const { standing, savings } = finding;
    const really = truth.get(finding.fingerprint);
    if (standing === undefined || savings?.assuming !== undefined || really?.standing === undefined) continue;
    const key = standing.set === undefined ? finding.fingerprint : `set ${standing.set}`;
    const rank = standing.rank ?? Number.MAX_SAFE_INTEGER;
    const before = choices.get(key);
    choices.set(key, {
      name: before?.name ?? `${finding.ruleId} ${finding.calls.map((call) => call.slice(call.lastIndexOf(':') + 1)).join()}`,
      rank: Math.min(rank, before?.rank ?? rank),
      class: standing.class,
      anyGain: standing.anyGain,
      expected: gainOf(finding, guessed),
      place: before?.place ?? place,
      gain: span === 0 ? 0 : gainOf(really, known) / span,
      gains: really.standing.anyGain,
    });
  }
  return choices.size < 2 ? undefined : { name: one.name, faults: one.faults, choices: [...choices.values()] };
}

function gainOf({ standing, savings }: Finding, { parallelism }: Report): number {
  const set = standing?.set === undefined ? undefined : parallelism?.independentSets[standing.set]?.savings;
  return (set ?? savings)?.wallClock.expected ?? 0;
}

const SEVERITIES = ['error', 'warning', 'info'];

function byPlace(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (one, two) =>
      SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(two.severity) ||
      (one.location.path < two.location.path
        ? -1
        : one.location.path > two.location.path
          ? 1
          : one.location.startLine - two.location.startLine),
  );
}

/** Share of cases whose truly best is among the first three in an order; a choice among equals is as likely as any. */
function firstThree(cases: readonly Judged[], placeOf: (choice: Choice) => number): number {
  const hits = cases.map(({ choices }) => {
    const best = Math.max(...choices.map(({ gain }) => gain));
    // Whoever gains as much, but for what cannot be told, is best too.
    return Math.max(
      ...choices
        .filter(({ gain }) => gain >= best - TELLING)
        .map((one) => {
          const before = choices.filter((other) => placeOf(other) < placeOf(one)).length;
          const equal = choices.filter((other) => placeOf(other) === placeOf(one)).length;
          return Math.min(1, Math.max(0, (3 - before) / equal));
        }),
    );
  });
  return mean(hits);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);
}

/** Pairs whose true gains differ by less than can be told are ties. */
function tauOf(choices: readonly Choice[]): number | undefined {
  let [agree, ranked, differ] = [0, 0, 0];
  for (const [at, one] of choices.entries())
    for (const two of choices.slice(at + 1)) {
      const truly = Math.abs(one.gain - two.gain) < TELLING ? 0 : Math.sign(one.gain - two.gain);
      const said = Math.sign(two.rank - one.rank);
      agree += truly * said;
      ranked += Math.abs(said);
      differ += Math.abs(truly);
    }
  return ranked === 0 || differ === 0 ? undefined : agree / Math.sqrt(ranked * differ);
}

const BINS = [0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0001];
const BARS = { cases: 200, firstThree: 0.8, dare: 0.3, calibration: 0.1 };
/** A bin of fewer tells nothing. */
const FEWEST_IN_BIN = 20;

export function summaryOf(all: readonly Judged[]): { readonly lines: string[]; readonly held: boolean } {
  const gaining = all.filter(({ choices }) => choices.some(({ gain }) => gain >= TELLING));
  const many = gaining.filter(({ choices }) => choices.length >= 5);
  const choices = all.flatMap((one) => one.choices);
  const rows = (some: readonly Judged[]): string[] =>
    [
      ['the ranking', ({ rank }: Choice) => rank],
      ['by expected gain alone', ({ expected }: Choice) => -expected],
      ['by severity and place', ({ place }: Choice) => place],
      ['by chance', () => 0],
    ].map(([name, placeOf]) => `  ${String(name).padEnd(24)} ${percent(firstThree(some, placeOf as (choice: Choice) => number))}`);
  const certain = choices.filter((one) => one.class === 'certain-direction');
  const wrong = certain.filter(({ gain }) => gain < 0);
  const daring = all.filter(({ choices: some }) =>
    some.some((one) => one.rank < Number.MAX_SAFE_INTEGER && (one.class === 'certain-direction' || one.class === 'robust')),
  );
  const taus = gaining.flatMap((one) => tauOf(one.choices) ?? []);
  const bins = BINS.slice(0, -1).map((from, at) => {
    const to = BINS[at + 1] as number;
    const here = choices.filter(({ anyGain }) => anyGain >= from && anyGain < to);
    return { from, to, n: here.length, said: mean(here.map(({ anyGain }) => anyGain)), truly: mean(here.map(({ gains }) => gains)) };
  });
  const told = bins.filter(({ n }) => n >= FEWEST_IN_BIN);
  const off = Math.max(0, ...told.map(({ said, truly }) => Math.abs(said - truly)));
  const byClass = ['certain-direction', 'robust', 'depends', 'noise'].map((is) => {
    const here = choices.filter((one) => one.class === is);
    return `  ${is.padEnd(18)} ${String(here.length).padStart(5)} said; truly more ${percent(mean(here.map(({ gain }) => (gain >= TELLING ? 1 : 0))))}, nothing ${percent(mean(here.map(({ gain }) => (Math.abs(gain) < TELLING ? 1 : 0))))}, less ${percent(mean(here.map(({ gain }) => (gain <= -TELLING ? 1 : 0))))}`;
  });
  const first = firstThree(gaining, ({ rank }) => rank);
  const dare = daring.length / all.length;
  return {
    lines: [
      `${all.length} cases, ${choices.length} things to mend (${(choices.length / all.length).toFixed(1)} a case); in ${gaining.length} cases something gains`,
      `truly best among the first three, ${gaining.length} cases:`,
      ...rows(gaining),
      `the same where there are five or more to choose from, ${many.length} cases:`,
      ...rows(many),
      'classes:',
      ...byClass,
      `wrong signs among ${certain.length} certain ones: ${wrong.length}`,
      `cases that dare: ${percent(dare)}`,
      `calibration of the share of worlds with a gain, said and true:`,
      ...bins.map(
        ({ from, to, n, said, truly }) =>
          `  ${from.toFixed(1)} to ${Math.min(1, to).toFixed(1)}  ${String(n).padStart(5)}  ${percent(said)}  ${percent(truly)}`,
      ),
      `  furthest off, of bins with ${FEWEST_IN_BIN} or more: ${(100 * off).toFixed(1)} points; all together ${percent(mean(choices.map(({ anyGain }) => anyGain)))} said, ${percent(mean(choices.map(({ gains }) => gains)))} true`,
      `Kendall τ-b: mean ${mean(taus).toFixed(2)} over ${taus.length} cases`,
    ],
    held: all.length >= BARS.cases && first >= BARS.firstThree && wrong.length === 0 && dare >= BARS.dare && off <= BARS.calibration,
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`.padStart(7);
}

export function textOf({ name, faults, choices }: Judged): string {
  return [
    `${name}: ${faults.join('; ')}`,
    ...[...choices]
      .sort((one, two) => one.rank - two.rank)
      .map(
        (one) =>
          `  ${one.rank === Number.MAX_SAFE_INTEGER ? '-' : one.rank} ${one.class.padEnd(18)} said ${percent(one.anyGain)}, truly ${percent(one.gains)} and ${percent(one.gain)} of the time  ${one.name.slice(0, 90)}`,
      ),
  ].join('\n');
}
