/** What was read, under which rules and params. */
import { glued, type Line, lineWidth, type Page, type Span, span, wrap } from '../layout.ts';
import { counted, countText } from '../quantities.ts';
import type { Report } from '../report.ts';
import { runs } from '../runs.ts';
import { nothingRunsLines } from './inactive.ts';

export function headerLines(report: Report, page: Page): Line[] {
  const { inputs, coverage, graph } = report;
  const dot = ` ${page.glyphs.dot} `;
  const off = graph.calls.filter((call) => runs(call) === false).length;
  const calls = callsText(graph.calls.length, off);
  const facts = [
    inputs.kind === 'library' ? 'a library of modules, each file checked by itself' : undefined,
    counted(coverage.processes, 'process', 'processes'),
    inputs.kind === 'library' ? undefined : calls,
    counted(coverage.files, 'file'),
    `Nextflow ${inputs.nextflow.version} rules`,
  ].filter((fact) => fact !== undefined);
  const entry = inputs.pipeline === '.' ? [] : [span(dot, 'faint'), span(inputs.pipeline, 'place')];
  const name: Span[] = [span(inputs.name, 'strong'), ...entry];
  const counts: Span[] = facts.flatMap((fact, index) => [...(index === 0 ? [] : [span(dot, 'faint')]), span(glued(fact))]);
  const oneLine: Line = [...name, span(dot, 'faint'), ...counts];
  const lines = lineWidth(oneLine) <= page.width ? [oneLine] : [...wrap(name, page.width), ...wrap(counts, page.width)];
  const nothing = nothingRunsLines(report, page);
  return [
    ...lines,
    ...givenLines(report, page),
    ...countLines(report, page),
    ...unmeasuredLines(report, page),
    ...(nothing.length === 0 ? [] : [[], ...nothing]),
  ];
}

function callsText(all: number, off: number): string {
  if (off === 0) return counted(all, 'call');
  if (all === 1) return '1 call, which is off';
  if (off === all) return `none of the ${counted(all, 'call')} runs`;
  return `${countText(all - off)} of ${counted(all, 'call')} ${all - off === 1 ? 'runs' : 'run'}`;
}

/** What was counted, and where that is known from. What follows from it, or stands in the script, is for -v. */
function countLines({ graph }: Report, page: Page): Line[] {
  const known = (graph.dimensions ?? []).filter(({ count, basis, evidence }) => {
    if (count === undefined || basis === undefined) return false;
    return page.verbose || basis === 'measured' || evidence === 'given';
  });
  if (known.length === 0) return [];
  const shown = page.verbose || known.length <= MOST_COUNTS + 1 ? known : known.slice(0, MOST_COUNTS);
  const texts = shown.map(
    ({ name, count = 0, basis, evidence }) =>
      `${name} = ${countText(count)} (${basis === 'assumed' ? 'assumed: ' : ''}${evidence ?? basis})`,
  );
  const more = known.length - shown.length;
  if (more > 0) texts.push(`${more} more (-v)`);
  return wrap([span(`counting ${texts.join(', ')}`, 'faint')], page.width);
}

const MOST_COUNTS = 5;

/** Runs were given, and not one of their tasks is of a call here, or came to its end: nobody may take what follows for measured. */
function unmeasuredLines({ inputs: { traces = [] } }: Report, page: Page): Line[] {
  if (traces.length === 0 || traces.some(({ matched, unfinished }) => matched > 0 && !unfinished)) return [];
  const names = traces.map(({ name }) => name).join(', ');
  const what = traces.some(({ matched }) => matched > 0)
    ? `no task of ${names} ran to its end, and how many there are, what they take and what they use is told as without it`
    : `${traces.every(({ rows }) => rows === 0) ? `${names} has no task that could be read` : `no task of ${names} is of a call here`}, and all that follows is as without it`;
  return wrap([span('nothing is measured', 'warning'), span(`: ${what}; “Left out” says more`)], page.width);
}

/** Which of several pipelines this is: all that follows holds for these choices only. */
function givenLines({ inputs }: Report, page: Page): Line[] {
  const given: string[] = [];
  if (inputs.profiles.length > 0) given.push(`-profile ${inputs.profiles.join(',')}`);
  const params = Object.entries(inputs.params).map(
    ([name, value]) => `--${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  // A params file of fifty entries is known to who wrote it.
  if (params.length <= 6 || page.verbose) given.push(...params);
  else given.push(`${counted(params.length, 'param')} given`);
  if (given.length === 0) return [];
  return wrap([span(`with ${given.join('  ')}`, 'faint')], page.width);
}
