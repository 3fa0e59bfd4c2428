/** What could run at the same time and does not, and what the waits cost with room for every task. */
import { simpleName } from '../call-names.ts';
import { durationOf, MEASURABLE, rangeText } from '../estimate-texts.ts';
import { glued, hanging, type Line, listed, type Page, padEnd, proseWidth, type Span, span } from '../layout.ts';
import { gatheredLeftOut } from '../left-out.ts';
import { counted, countText, figureText, moneyRange, moneyText } from '../quantities.ts';
import type {
  Estimate,
  FalseLink,
  IndependentSet,
  Report,
  ReportAccuracy,
  ReportEstimates,
  ReportPlatform,
  ReportRun,
  WaitCause,
} from '../report.ts';

const LABEL = 'side by side'.length;
/** More names than these are folded away. */
const MOST_NAMES = 14;
const MOST_LINKS = 6;

export function parallelismLines(report: Report, page: Page): Line[] {
  const { parallelism } = report;
  if (parallelism === undefined) return [];
  const { independentSets } = parallelism;
  const times = timeLines(report, page);
  if (times.length === 0 && independentSets.length === 0) return [];
  return [[span('What holds it up', 'heading')], ...times, ...bySavings(independentSets).flatMap((set) => setLines(set, report, page))];
}

function bySavings(sets: readonly IndependentSet[]): readonly IndependentSet[] {
  const gain = ({ savings }: IndependentSet): number => savings?.wallClock.expected ?? 0;
  return [...sets].sort((one, two) => gain(two) - gain(one));
}

function gainText({ savings }: IndependentSet, { inputs, parallelism }: Report): string | undefined {
  if (savings === undefined || parallelism?.span === undefined) return undefined;
  const { wallClock } = savings;
  const least = parallelism.span.expected * MEASURABLE;
  const where = inputs.platform === undefined ? '' : ' with room for every task';
  return wallClock.expected < least ? 'saves no time while others take as long' : `saves ${rangeText(wallClock)}${where}`;
}

function setLines(set: IndependentSet, report: Report, page: Page): Line[] {
  const names = set.calls.map(simpleName);
  const shown = page.verbose || names.length <= MOST_NAMES ? names : names.slice(0, MOST_NAMES - 2);
  const rest = names.length - shown.length;
  const alone = set.calls.length === 2 ? 'neither needs the other' : 'none needs another';
  const need = set.after.length === 0 ? alone : `each needs only ${set.after.map(simpleName).join(' and ')}`;
  const gain = gainText(set, report);
  const body: Span[] = [
    ...listed(shown, 'strong'),
    ...(rest > 0 ? [span(` and ${rest} more (-v)`)] : []),
    span(set.calls.length === 2 ? ' could run side by side: ' : ' could all run side by side: '),
    span(need),
  ];
  const facts = [
    ...(gain === undefined ? [] : [gain]),
    `${counted(set.links.length, 'false link')}: ${kindsOf(set.links)}`,
    `grade ${set.grade}`,
  ];
  const lines = [
    ...hanging([span(padEnd(counted(set.calls.length, 'call'), LABEL), 'faint'), span('  ')], body, proseWidth(page)),
    ...hanging([span(' '.repeat(LABEL + 2))], [span(facts.join(` ${page.glyphs.dot} `), 'faint')], proseWidth(page)),
  ];
  const links = page.verbose ? set.links : set.links.slice(0, set.links.length <= MOST_LINKS ? MOST_LINKS : MOST_LINKS - 1);
  for (const link of links) {
    const body: Span[] = [
      span(glued(`${simpleName(link.from)} ${page.glyphs.arrow} ${simpleName(link.to)}  `)),
      span(`${link.evidence}  `),
      span(`${link.source.path}:${link.source.line}`, 'place'),
    ];
    lines.push(...hanging([span(' '.repeat(LABEL + 4))], body, page.width));
  }
  if (links.length < set.links.length)
    lines.push([span(`${' '.repeat(LABEL + 4)}and ${set.links.length - links.length} more (-v)`, 'faint')]);
  return lines;
}

const KINDS: Readonly<Record<FalseLink['kind'], readonly [string, string]>> = {
  token: ['token', 'tokens'],
  barrier: ['wait that brings nothing', 'waits that bring nothing'],
  'pass-through': ['file handed on unchanged', 'files handed on unchanged'],
  'over-wide-directory': ['folder of copies', 'folders of copies'],
  'unread-input': ['input never read', 'inputs never read'],
};

function kindsOf(links: readonly FalseLink[]): string {
  const counts = new Map<FalseLink['kind'], number>();
  for (const { kind } of links) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => counted(count, ...KINDS[kind])).join(', ');
}

function timeLines(report: Report, page: Page): Line[] {
  const { estimates, parallelism, inputs } = report;
  const { platform } = inputs;
  const lines: Line[] = [];
  const row = (label: string, body: readonly Span[]) =>
    lines.push(...hanging([span(padEnd(label, LABEL), 'faint'), span('  ')], body, proseWidth(page)));
  if (estimates === undefined) {
    if (platform !== undefined) row('time now', [span(`none can be told on ${platform.text}: “Left out” says why`)]);
    return lines;
  }
  const { now, lossless, ideal, bounds } = estimates;
  const alone = parallelism?.serialShare;
  const most = parallelism?.width?.assumed ? undefined : parallelism?.width?.count;
  const withRoom: Span[] = [
    span(' with room for every task'),
    ...(most === undefined ? [] : [span(`; at most ${counted(most, 'task')} at once`)]),
    ...(alone === undefined || most === 1 || Math.round(100 * alone) === 0 ? [] : [span(`, one alone for ${percent(alone)} of it`)]),
  ];
  const { partial } = estimates;
  if (partial !== undefined)
    row('only', [
      span(`${partial.calls} of ${partial.of} calls`, 'strong'),
      span(
        ' have anything to do under these params: what follows is of them alone. Give the pipeline its input as in a run (--params-file, --profile, --param)',
      ),
    ]);
  const unmatched = unmatchedSpans(report);
  if (platform === undefined) {
    row('time now', [span(rangeText(now.wallClock), 'strong'), ...withRoom]);
    if (unmatched.length > 0) row('not in it', unmatched);
  } else {
    row('time now', [span(rangeText(now.wallClock), 'strong'), span(` on ${platform.text}`)]);
    if (report.accuracy !== undefined) row('it took', tookSpans(report.accuracy, platform.region !== undefined));
    const waits = waitText(now, platform);
    if (waits !== undefined) row('tasks wait', [span(waits)]);
    for (const [at, body] of wastedWaitSpans(now, page).entries()) row(at === 0 ? 'for nothing' : '', body);
    if (now.cost !== undefined) row('costs', [...costSpans(now, now.cost), ...withoutTransfer(report)]);
    if (estimates.fuller !== undefined) row('cheaper', fullerSpans(estimates.fuller));
    const unpriced = unpricedSpans(now);
    if (unpriced.length > 0) row('no price', unpriced);
    if (unmatched.length > 0) row('not in it', unmatched);
    if (now.emitted !== undefined) row('emits', emitsSpans(now, now.emitted));
    const rightSized = rightSizedSpans(estimates, page);
    if (rightSized.length > 0) row('right-sized', rightSized);
    // A report that was saved before it had that has the same on machines of one speed.
    const withoutLimits = bounds.asItIs ?? parallelism?.span;
    if (withoutLimits !== undefined) row('no limits', [span(rangeText(withoutLimits)), ...withRoom]);
  }
  // What differs by less than the figures can tell is not shown as a gain, and said to be none.
  const [fewer, least] = [isLess(lossless.wallClock, now.wallClock), isLess(ideal.wallClock, lossless.wallClock)];
  if (fewer) row('fewer waits', [span(rangeText(lossless.wallClock)), span(' if no task waited for more than it is given')]);
  if (least) row('least waits', [span(rangeText(ideal.wallClock)), span(' if tasks waited only for what they read')]);
  if (fewer && !least) row('least waits', [span('the same, if tasks waited only for what they read')]);
  if (!fewer && !least) row('fewer waits', [span('no time is saved if tasks wait for nothing but what they read')]);
  if (platform !== undefined && isLess(bounds.wallClock, ideal.wallClock))
    row('at least', [span(rangeText(bounds.wallClock)), span(' for the same tasks, however many machines')]);
  const assumed = now.wallClock.basis === 'assumed';
  row(assumed ? 'assumed' : 'durations', [
    span(assumed ? `how long tasks take: ${now.wallClock.source}; --duration ${exampleOf(report)}=30m gives yours` : now.wallClock.source),
  ]);
  lines.push(...timeFirstLines(report, page));
  return lines;
}

function timeFirstLines({ timeFirst }: Report, page: Page): Line[] {
  if (timeFirst === undefined) return [];
  const body = [span('time '), span(simpleName(timeFirst.call), 'strong'), span(` first: ${timeFirst.why}`)];
  return hanging([span(padEnd('to know more', LABEL), 'faint'), span('  ')], body, proseWidth(page));
}

const CAUSES: Readonly<Record<Exclude<WaitCause, 'data'>, string>> = {
  avoidable: 'for tasks that give them nothing',
  poll: 'for Nextflow to see that others have ended',
  'submit-rate': 'to be submitted',
  'max-forks': 'for maxForks',
  'queue-size': 'for queueSize',
  cpus: 'for cpus',
  memory: 'for memory',
  accelerators: 'for GPUs',
  quota: 'for machines above the limit',
  boot: 'for machines to come up',
};
/** Where machines are always up. */
const STARTED: Readonly<Partial<Record<ReportPlatform['name'], string>>> = {
  local: 'to be started',
  slurm: 'for Slurm to start them',
  kubernetes: 'for their containers to start',
};
/** What is a platform’s to give: waits that are avoidable are the pipeline’s own. */
export const PLATFORM_CAUSES = (Object.keys(CAUSES) as (keyof typeof CAUSES)[]).filter((cause) => cause !== 'avoidable');

/** Of a platform that is made of several, whichever of them it is. */
export function causeText(cause: keyof typeof CAUSES, platform: ReportPlatform): string {
  if (cause !== 'boot') return CAUSES[cause];
  const parts = [platform, ...(platform.routed ?? []).map((one) => one.platform)];
  return [...new Set(parts.map(({ name }) => STARTED[name] ?? CAUSES.boot))].join(' or ');
}

/** Of all that tasks waited: less is not told. */
const LEAST_WAIT = 0.01;

/** What tasks wait for beside what they are given, the most first. */
function waitText({ waits = {} }: ReportRun, platform: ReportPlatform): string | undefined {
  const some = (Object.keys(CAUSES) as (keyof typeof CAUSES)[])
    .map((cause) => ({ cause, seconds: waits[cause] ?? 0 }))
    .sort((one, two) => two.seconds - one.seconds);
  const all = some.reduce((sum, { seconds }) => sum + seconds, 0);
  const told = some.filter(({ seconds }) => seconds > LEAST_WAIT * all && Math.round(seconds) > 0);
  if (told.length === 0) return undefined;
  return `${told.map(({ cause, seconds }) => `${glued(durationOf(seconds))} ${causeText(cause, platform)}`).join(', ')}; added up over all tasks`;
}

/** More waits than these, and more calls of one of them or that it is for, are not told. */
const MOST_WAITS = 3;
const MOST_NAMED = 2;

/** Whose tasks wait most for tasks that give them nothing, for which, and where that is written. */
function wastedWaitSpans({ wastedWaits = [], waits = {} }: ReportRun, page: Page): Span[][] {
  const told = wastedWaits.filter(({ seconds }) => seconds > LEAST_WAIT * (waits.avoidable ?? 0) && durationOf(seconds) !== '0 s');
  // Calls that one operator holds back are told together.
  const together = new Map<string, typeof told>();
  for (const one of told) {
    const key = JSON.stringify([one.on, one.places[0]?.path, one.places[0]?.line]);
    together.set(key, [...(together.get(key) ?? []), one]);
  }
  const groups = [...together.values()].map((some) => ({ some, seconds: some.reduce((sum, one) => sum + one.seconds, 0) }));
  groups.sort((one, two) => two.seconds - one.seconds);
  return (page.verbose ? groups : groups.slice(0, MOST_WAITS)).map(({ some, seconds }) => {
    const [{ on, places }] = some as [(typeof some)[number]];
    const calls = [...new Set(some.map(({ call }) => simpleName(call)))];
    const others = [...new Set(on.map(simpleName))];
    const [first] = places;
    const [wait, them] = calls.length === 1 ? ['waits', 'it'] : ['wait', 'them'];
    return [
      span(glued(durationOf(seconds)), 'strong'),
      span(` of ${namesOf(calls, page)}`),
      ...(others.length === 0 ? [] : [span(`, which ${wait} for tasks of ${namesOf(others, page)} that give ${them} nothing`)]),
      ...(first === undefined ? [] : [span('  '), span(`${first.path}:${first.line}`, 'place')]),
      ...(places.length > 1 ? [span(` and ${counted(places.length - 1, 'more place')}`, 'faint')] : []),
    ];
  });
}

/** "A, B and 2 others". */
function namesOf(names: readonly string[], { verbose }: Page): string {
  const told = verbose || names.length <= MOST_NAMED + 1 ? names : names.slice(0, MOST_NAMED);
  const more = names.length - told.length;
  const all = more > 0 ? [...told, counted(more, 'other')] : told;
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

/** More calls than these are not told. */
const MOST_DEAR = 4;

function fullerSpans({ maxCpus, wallClock, cost }: NonNullable<ReportEstimates['fuller']>): Span[] {
  return [
    span(glued(moneyRange(cost))),
    span(
      ` a run, in ${durationOf(wallClock.expected)}, with --max-cpus ${maxCpus}: as many as tasks use at once, so that machines are fuller`,
    ),
  ];
}

function costSpans(
  { perSample, idleShare, costByCall = [], costBesideCalls = {}, costOffBy, wallClock }: ReportRun,
  cost: Estimate,
): Span[] {
  const isIdle = idleShare !== undefined && Math.round(100 * idleShare) > 0;
  const all = costByCall.map(({ call, used, idle }) => ({ name: simpleName(call), money: used + idle }));
  const others = all.slice(MOST_DEAR);
  const rest = { name: counted(others.length, 'other'), money: others.reduce((sum, { money }) => sum + money, 0) };
  const text = ({ name, money }: typeof rest): string => glued(`${name} ${moneyText(money, cost.unit)}`);
  const byCall = [...all.slice(0, MOST_DEAR), ...(others.length === 0 ? [] : [rest])].map(text);
  const ofNoCall = Object.entries(BESIDE_CALLS).flatMap(([of, name]) => {
    const money = costBesideCalls[of as keyof typeof BESIDE_CALLS];
    return money === undefined ? [] : [text({ name, money })];
  });
  return [
    span(glued(moneyRange(cost)), 'strong'),
    span(' a run'),
    ...(perSample?.cost === undefined ? [] : [span(`, ${glued(moneyRange(perSample.cost))} a sample`)]),
    ...(costOffBy === undefined || cost.high < WIDE * cost.low ? [] : [span(`; ${whyWide(costOffBy, wallClock)}`)]),
    ...(idleShare === undefined ? [] : [span(`; ${percent(idleShare)} of it for what no task asks for`)]),
    ...(byCall.length === 0 ? [] : [span(`; by call${isIdle ? ', with its part of that' : ''}: ${byCall.join(', ')}`)]),
    ...(ofNoCall.length === 0 ? [] : [span(`; of no call: ${ofNoCall.join(', ')}`)]),
  ];
}

const BESIDE_CALLS: Readonly<Record<keyof NonNullable<ReportRun['costBesideCalls']>, string>> = {
  machines: 'machines on which nothing ran',
  disks: 'disks',
  transfer: 'files from one platform to another',
};

/** A range whose ends differ by so much is told why. */
const WIDE = 4;

function whyWide({ runs, prices, filling }: NonNullable<ReportRun['costOffBy']>, { basis, source }: Estimate): string {
  const most = Math.max(runs, prices, filling);
  const why =
    most === prices
      ? 'nobody knows the prices of that day'
      : most === filling
        ? 'nobody says how full machines are packed'
        : basis === 'assumed'
          ? `${/measured|given/.test(source) ? 'not every' : 'no'} step was timed: --trace of a run, or --duration, makes it narrower`
          : 'runs differ';
  return `so far apart mostly because ${why}`;
}

function unpricedSpans({ unpricedCalls = [] }: ReportRun): Span[] {
  if (unpricedCalls.length === 0) return [];
  const shown = unpricedCalls
    .slice(0, MOST_DEAR)
    .map(({ call, cpuHours }) => glued(`${simpleName(call)} (${moneyText(cpuHours, 'cpu·h')})`));
  const more = unpricedCalls.length - shown.length;
  return [
    span(`${shown.join(', ')}${more > 0 ? ` and ${counted(more, 'more call')}` : ''}`),
    span(': not in the cost, since nobody says what an hour costs there; core-hour in a file (--prices) does'),
  ];
}

/** Rows of the traces that are of no call, beside the figures in which they are not. */
function unmatchedSpans({ inputs: { traces = [] } }: Report): Span[] {
  const some = traces.filter(({ unmatched }) => unmatched.length > 0);
  if (some.length === 0) return [];
  const texts = some.map(({ name, rows, matched, unmatchedHours = 0 }) => {
    const hours = unmatchedHours > 0 ? `, ${glued(durationOf(unmatchedHours * 3600))} of tasks` : '';
    return `${countText(rows - matched)} of ${glued(counted(rows, 'row'))} of ${name}${hours}`;
  });
  return [span(texts.join('; '), 'strong'), span(': of no call that runs here (“Left out” says which), in no time and no cost told here')];
}

/** @param rented machines are chosen by what waits: of a cluster how large they were is not in a trace */
function tookSpans({ trace, took, replayError, sameExecutor }: ReportAccuracy, rented: boolean): Span[] {
  const off = Math.round(100 * Math.abs(replayError));
  return [
    span(glued(durationOf(took))),
    span(` in ${trace}: `),
    span(off === 0 ? 'told right' : `told ${glued(`${off} %`)} too ${replayError > 0 ? 'slow' : 'fast'}`),
    ...(sameExecutor && rented
      ? []
      : [span(sameExecutor ? ', if its machines were as many and as large' : ', if it ran on such a platform')]),
  ];
}

function emitsSpans({ energy }: ReportRun, { low, expected, high }: Estimate): Span[] {
  const [least, most] = [moneyText(low, 'kg'), moneyText(high, 'kg')];
  return [
    span(glued(`${moneyText(expected, 'kg')} of CO2e`)),
    span(glued(` (${least} to ${most})`)),
    ...(energy === undefined ? [] : [span(` for ${glued(moneyText(energy.expected, energy.unit))}`)]),
  ];
}

/** Nobody may take the cost for all that is paid. */
function withoutTransfer({ sideBySide }: Report): Span[] {
  const { transfer } = sideBySide?.rows[0] ?? {};
  return transfer?.incomplete === undefined ? [] : [span('; without what it takes to get files out of the cloud, which nobody knows')];
}

/** Of the whole: what two simulated runs differ by may be less. */
const TELLING = 0.01;

/** Slower and cheaper, or faster and dearer: by how much, and from which value of an hour on it is worth it. */
function tradeSpans(now: ReportRun, sized: ReportRun): Span[] {
  const longer = sized.wallClock.expected - now.wallClock.expected;
  const cheaper = (now.cost?.expected ?? 0) - (sized.cost?.expected ?? 0);
  const telling = Math.abs(longer) >= TELLING * now.wallClock.expected && durationOf(Math.abs(longer)) !== '0 s';
  if (!telling) return [];
  const time = glued(`${durationOf(Math.abs(longer))} ${longer > 0 ? 'longer' : 'shorter'}`);
  if (now.cost === undefined || sized.cost === undefined || longer > 0 !== cheaper > 0) return longer > 0 ? [span(`, ${time}`)] : [];
  const perHour = glued(moneyText(Math.abs(cheaper / longer) * 3600, now.cost.unit));
  const money = glued(`${moneyText(Math.abs(cheaper), now.cost.unit)} ${cheaper > 0 ? 'cheaper' : 'dearer'}`);
  return [span(`, ${time} and ${money}: worth it where an hour of waiting is worth ${longer > 0 ? 'less' : 'more'} than ${perHour}`)];
}

/** More calls than these are not told. */
const MOST_LEFT = 3;

/** What the config of `--write-config` would change, and what it leaves as it is; nothing where no request is worth a change. */
function rightSizedSpans({ now, proposed: sized, notProposed = [] }: ReportEstimates, page: Page): Span[] {
  const some = <T>(all: readonly T[]): readonly T[] => (page.verbose || all.length <= MOST_LEFT + 1 ? all : all.slice(0, MOST_LEFT));
  const all = gatheredLeftOut(notProposed);
  const more = all.length - some(all).length;
  const namesOf = (calls: readonly string[]): string => {
    const others = calls.length - some(calls).length;
    return [...some(calls).map(simpleName), ...(others === 0 ? [] : [counted(others, 'other')])].join(', ');
  };
  const left = [
    ...some(all).map(({ calls, because }) => `${namesOf(calls)}: ${because}`),
    ...(more === 0 ? [] : [`${counted(more, 'more request')} (-v)`]),
  ].join('; ');
  if (sized === undefined)
    return left === '' ? [] : [span(`no config is offered: with less asked for, this run would be worse than now (${left})`)];
  const held = ([was, is]: readonly [Estimate | undefined, Estimate | undefined]): string[] =>
    was === undefined || is === undefined ? [] : [glued(`${figureText(was.expected)} → ${figureText(is.expected)} ${is.unit}`)];
  const hours = [...held([now.cpuHours, sized.cpuHours]), ...held([now.memoryGbHours, sized.memoryGbHours])];
  return [
    span(rangeText(sized.wallClock)),
    ...(sized.cost === undefined ? [] : [span(`, ${glued(moneyRange(sized.cost))} a run`)]),
    span(' if tasks asked for what runs say is enough'),
    ...tradeSpans(now, sized),
    ...(hours.length === 0 ? [] : [span(`: ${hours.join(', ')} held`)]),
    ...(left === '' ? [] : [span(`; left out, since this run would be worse for it (${left})`)]),
  ];
}

/** On a platform whoever waits for less can also come later. */
function isLess(one: Estimate, two: Estimate): boolean {
  return one.expected < two.expected && durationOf(one.expected) !== durationOf(two.expected);
}

/** A call whose time is assumed, of the longest chain where one is there. */
function exampleOf({ timeFirst, parallelism, criticalPath, estimates }: Report): string {
  const assumed = estimates?.assumedFor ?? [];
  const chain = parallelism?.independentSets[0]?.calls ?? criticalPath?.calls ?? [];
  const first = [...(timeFirst ? [timeFirst.call] : []), ...chain].find((call) => assumed.includes(call)) ?? assumed[0];
  return first === undefined ? 'NAME' : simpleName(first);
}

function percent(share: number): string {
  return glued(`${Math.round(share * 100)} %`);
}
