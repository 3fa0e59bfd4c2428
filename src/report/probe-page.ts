/** `pipeopt probe`: what is known of how long tasks take, what is not, and the small runs that would tell. */
import { tellingName } from './call-names.ts';
import { rangeText } from './estimate-texts.ts';
import { hanging, indented, type Line, listed, type Page, padEnd, padStart, type Span, span } from './layout.ts';
import { printableValue } from './printable.ts';
import { counted, moneyRange } from './quantities.ts';

interface SecondsText {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

export interface ProbeText {
  readonly pipeline: string;
  readonly wallClock?: SecondsText & { readonly basis: string; readonly source: string };
  readonly width?: { readonly now: number; readonly afterwards: number };
  readonly oneSample?: {
    readonly wallClock: SecondsText;
    readonly cost?: SecondsText & { readonly unit: string; readonly basis: string; readonly source: string };
  };
  readonly given: readonly { readonly name: string; readonly scale: number }[];
  readonly calls: readonly {
    readonly call: string;
    readonly share: number;
    readonly knownBy: 'whole' | 'parts' | 'one part' | 'given' | 'nothing';
    readonly seconds: SecondsText & { readonly basis: string; readonly source: string };
  }[];
  readonly off: readonly string[];
  readonly inputParam?: string;
  readonly inputIsPattern?: true;
  readonly input: { readonly files: readonly string[]; readonly isMadeUp: boolean; readonly uncut: readonly string[] };
  readonly written: readonly { readonly text: string; readonly path: string; readonly line: number }[];
  readonly runs: readonly {
    readonly scale: number;
    readonly why: string;
    readonly prepare: readonly (readonly string[])[];
    readonly command: readonly string[];
    readonly trace: string;
  }[];
  readonly config: { readonly name: string; readonly text: string };
  readonly readBack: readonly string[];
  readonly assumptions: readonly string[];
}

export function probeJson(plan: ProbeText): string {
  const runs = plan.runs.map((run) => ({ ...run, prepare: run.prepare.map(joined), command: joined(run.command) }));
  const shown = { schemaVersion: '1.0', ...plan, config: { ...plan.config, text: undefined }, runs, readBack: joined(plan.readBack) };
  return `${JSON.stringify(printableValue(shown), noFiner, 2)}\n`;
}

/** Than can be told. */
function noFiner(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(3)) : value;
}

function joined(words: readonly string[]): string {
  return words.join(' ');
}

/** Further calls are counted together. */
const MOST_CALLS = 8;
const MOST_NAMES = 12;

export function probeLines(plan: ProbeText, page: Page): Line[] {
  const sections = [
    headerLines(plan, page),
    knownLines(plan, page),
    callLines(plan, page),
    missingLines(plan, page),
    runLines(plan, page),
    backLines(plan, page),
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines, at) => (at === 0 ? lines : [[], ...lines]));
}

function headerLines({ pipeline, calls }: ProbeText, { glyphs }: Page): Line[] {
  return [[span(pipeline, 'strong'), span(` ${glyphs.dot} ${counted(calls.length, 'call')} under these params`)]];
}

const LABEL = 15;

function row(label: string, body: readonly Span[], { width }: Page): Line[] {
  return hanging([span(padEnd(label, LABEL))], body, width);
}

function knownLines({ given, calls, wallClock, width, oneSample, runs }: ProbeText, page: Page): Line[] {
  const of = (...kinds: string[]): number => calls.filter(({ knownBy }) => kinds.includes(knownBy)).length;
  const states = (
    [
      [of('whole'), 'measured on the whole input'],
      [of('parts'), 'foretold by runs on parts of it'],
      [of('one part'), 'by one part alone, which does not tell what grows with the input'],
      [of('given'), 'as you say'],
      [of('nothing'), 'by nothing but the label'],
    ] as const
  ).flatMap(([count, how]) => (count === 0 ? [] : [`${counted(count, 'call')} ${how}`]));
  const lines: Line[] = [[span('What is known', 'heading')]];
  if (given.length > 0)
    lines.push(
      ...row('runs', listed(given.map(({ name, scale }) => (scale === 1 ? name : `${name} (${shareText(scale)} of the input)`))), page),
    );
  lines.push(...row('durations', [span(states.join('; '))], page));
  if (wallClock !== undefined) {
    lines.push(...row('wall-clock', [span(`${rangeText(wallClock)} in 8 of 10 cases, with room for every task`)], page));
    if (width !== undefined && runs.some(({ scale }) => scale < 1)) lines.push(...row('after the runs', [span(widthText(width))], page));
  }
  if (oneSample !== undefined) {
    const { cost, wallClock: alone } = oneSample;
    const money = cost === undefined ? '' : `; ${moneyRange(cost)}`;
    lines.push(...row('one sample', [span(`${rangeText(alone)}${money}`)], page));
  }
  return lines;
}

function figureText(amount: number): string {
  return String(Number(amount.toPrecision(2)));
}

function shareText(scale: number): string {
  return `${Number((100 * scale).toPrecision(3))} %`;
}

function callLines({ calls }: ProbeText, page: Page): Line[] {
  const open = calls.filter(({ share }) => share > 0);
  if (open.length === 0) return [];
  const shown = page.verbose ? open : open.slice(0, MOST_CALLS);
  const ids = calls.map(({ call }) => call);
  const lines: Line[] = [[span('What of it is not known comes of', 'heading')]];
  for (const { call, share, seconds } of shown) {
    const label = [span(padStart(share < 0.005 ? '< 1 %' : `${Math.round(100 * share)} %`, 6)), span('  ')];
    lines.push(
      ...hanging(
        label,
        [span(page.verbose ? call : tellingName(call, ids), 'strong'), span(`: ${rangeText(seconds)} a task (${seconds.source})`)],
        page.width,
      ),
    );
  }
  const rest = open.slice(shown.length);
  const share = rest.reduce((sum, one) => sum + one.share, 0);
  if (rest.length > 0) lines.push([span(`${padStart(`${Math.round(100 * share)} %`, 6)}  ${counted(rest.length, 'other call')}`)]);
  return lines;
}

/** With traces: what none of them has. */
function missingLines({ given, calls, off }: ProbeText, page: Page): Line[] {
  const lines: Line[] = [];
  const ids = calls.map(({ call }) => call);
  const missing = calls.filter(({ knownBy }) => knownBy === 'nothing').map(({ call }) => (page.verbose ? call : tellingName(call, ids)));
  if (given.length > 0 && missing.length > 0)
    lines.push(
      [span('In none of the runs', 'heading')],
      ...indented(
        listed(
          missing.length > MOST_NAMES && !page.verbose ? [...missing.slice(0, MOST_NAMES), `${missing.length - MOST_NAMES} more`] : missing,
        ),
        2,
        page.width,
      ),
    );
  if (off.length > 0)
    lines.push(
      ...(lines.length === 0 ? [] : [[]]),
      ...indented(
        [
          span(
            `${counted(off.length, 'call')} ${off.length === 1 ? 'is' : 'are'} off under these params, and no run with them tells of ${off.length === 1 ? 'it' : 'them'}.`,
          ),
        ],
        0,
        page.width,
      ),
    );
  return lines;
}

function runLines({ runs, config, inputParam, inputIsPattern, input, written }: ProbeText, page: Page): Line[] {
  if (runs.length === 0) return [[span('Nothing more has to be run.')]];
  const small = runs.filter(({ scale }) => scale < 1);
  const lines: Line[] = [
    [span('What to run', 'heading'), span(small.length === 0 ? '' : ', on the input of one sample that is like most')],
  ];
  for (const [at, { scale, why, prepare, command, trace }] of runs.entries()) {
    const what = scale === 1 ? 'the whole sample' : `${shareText(scale)} of its ${input.uncut.length === 0 ? 'reads' : 'input'}`;
    lines.push(...hanging([span(`${at + 1}  `)], [span(what, 'strong'), span(`: ${why}`)], page.width));
    for (const words of prepare) lines.push(...commandLines(words, 3, page.width));
    // Nothing but the name of the trace tells the commands apart.
    if (inputParam === undefined && at > 0)
      lines.push(...indented([span(`then the same as above, with its files in their place and -with-trace ${trace}`)], 3, page.width));
    else lines.push(...commandLines(command, 3, page.width));
  }
  const notes = [
    ...(small.length === 0
      ? []
      : [
          `From ${small.length === 1 ? 'this and the run that is given' : 'both'} the whole is foretold: in half of 742 cases within 11 %, in nine of ten within a factor of 2 (docs/experiment.md).`,
          'Mates are cut with the same seed. References stay whole: what is made of them the second run takes from the cache.',
          ...inputNotes(input, small),
        ]),
    inputParam === undefined
      ? written.length === 0
        ? 'By which param the pipeline is given its input is not seen: add it.'
        : `No param gives the pipeline its input: it is written in the source (${written.map(({ text, path, line }) => `${path}:${line} ${text}`).join('; ')}). For these runs leave one item there, and let the script find the small files under the names of its own; as it stands each of them would run on everything.`
      : inputIsPattern
        ? `--${inputParam} is given the files of that one sample.`
        : `--${inputParam} is given ${small.some(({ prepare }) => prepare.some(([word]) => word === 'printf')) ? 'a sheet with that one sample' : 'that one sample: you write the sheet'}.`,
  ];
  lines.push([], ...notes.flatMap((note) => indented([span(note)], 0, page.width)));
  lines.push(
    [],
    [span(config.name, 'heading'), span(' (--write-config writes it)')],
    ...config.text
      .trimEnd()
      .split('\n')
      .map((line) => [span('   '), span(line, 'code')]),
  );
  return lines;
}

/** What the commands leave to do. */
function inputNotes({ files, isMadeUp, uncut }: ProbeText['input'], small: ProbeText['runs']): string[] {
  const folders = small.map(({ trace }) => trace.replace(/\.txt$/, '')).join(' and ');
  if (files.length === 0)
    return [
      `What files a sample has is not seen: put a part of each into ${folders}. FASTQ is cut by seqtk sample -s 42 FILE 0.03, BAM by samtools view -b -s 42.03 FILE. With --samplesheet the commands are printed.`,
    ];
  return [
    ...(uncut.length === 0
      ? []
      : [
          `No command is known here that cuts ${uncut.join(', ')}: put a part of ${uncut.length === 1 ? 'it' : 'each'} into ${folders}, or make the run of the whole sample alone.`,
        ]),
    ...(isMadeUp
      ? [
          `${files.join(' and ')} ${files.length === 1 ? 'stands' : 'stand'} for files of yours: with --samplesheet samples.csv the commands have their names.`,
        ]
      : []),
  ];
}

function backLines({ readBack }: ProbeText, { width }: Page): Line[] {
  return [[span('Then', 'heading')], ...commandLines(readBack, 3, width)];
}

/** A command as it can be pasted: never broken within a word, and with a backslash at the end of all lines but the last. */
export function commandLines(words: readonly string[], indent: number, width: number): Line[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && indent + longer.length + 2 > width) {
      lines.push(line);
      line = `  ${word}`;
    } else line = longer;
  }
  lines.push(line);
  return lines.map((text, at) => [span(' '.repeat(indent)), span(at < lines.length - 1 ? `${text} \\` : text, 'code')]);
}

function widthText({ now, afterwards }: { readonly now: number; readonly afterwards: number }): string {
  const [before, behind] = [figureText(now), figureText(afterwards)];
  return before === behind
    ? `the range is as wide, the high end ${behind} times the low one: it comes of what such runs do not tell`
    : `the high end is ${behind} times the low one, not ${before} times`;
}
