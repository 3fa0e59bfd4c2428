/** `pipeopt experiment`: what is to be tried, and what came of it. */
import { tellingName } from './call-names.ts';
import { hanging, indented, type Line, type Page, padEnd, padStart, type Span, span } from './layout.ts';
import { printableValue } from './printable.ts';
import { commandLines } from './probe-page.ts';
import { counted, durationText, memoryText, moneyText } from './quantities.ts';

interface LostText {
  readonly call: string;
  readonly directive: string;
  readonly attempt: number;
  readonly intended: string;
  readonly got: string;
  readonly wonBy: string;
}

export interface ExperimentDesignText {
  readonly command: readonly string[];
  readonly calls: readonly {
    readonly call: string;
    readonly attempts: readonly string[];
    readonly goesOn: boolean;
    readonly doubts: readonly string[];
    readonly secondsAtMost?: number;
  }[];
  readonly lost: readonly LostText[];
}

interface ChoiceText {
  readonly cpus: number;
  readonly memory: number;
  readonly queue: string;
  readonly seconds: number;
  readonly cost: number;
  readonly tried: boolean;
}

export interface ExperimentResultsText {
  readonly calls: readonly {
    readonly call: string;
    readonly tasks: number;
    readonly settings: readonly {
      readonly cpus: number;
      readonly memory: number;
      readonly queue: string;
      readonly through: number;
      readonly killed: number;
      readonly failed: number;
      readonly seconds?: number;
      readonly busyCores?: number;
      readonly peak?: number;
    }[];
    readonly laws: readonly {
      readonly memory: number;
      readonly queue: string;
      readonly law: {
        readonly one: number;
        readonly serial: number;
        readonly crosstalk: number;
        readonly settings: number;
        readonly off: number;
      };
    }[];
    readonly memoryFloor?: number;
    readonly killedWith?: number;
    readonly memoryGrows?: { readonly from: number; readonly to: number; readonly fewest: number; readonly most: number };
    readonly cheapest?: ChoiceText;
    readonly fastest?: ChoiceText;
    readonly best?: number;
  }[];
  readonly prices: { readonly cpuHour: number; readonly gbHour: number; readonly currency?: string; readonly source: string };
  readonly config?: string;
  readonly lost: readonly LostText[];
  readonly notes: readonly { readonly message: string; readonly hint?: string }[];
}

const LABEL = 12;

function row(label: string, text: string, { width }: Page): Line[] {
  return hanging([span(padEnd(label, LABEL))], [span(text)], width);
}

export function experimentDesignLines({ calls, command, lost }: ExperimentDesignText, page: Page): Line[] {
  const lines: Line[] = [];
  for (const { call, attempts, goesOn, doubts, secondsAtMost } of calls) {
    lines.push(...hanging([], [span(call, 'strong')], page.width));
    lines.push(...row('attempts', `${attempts.join(', ')}, one after another at each task`, page));
    if (secondsAtMost !== undefined)
      lines.push(...row('takes', `at most ${secondsText(secondsAtMost)} a task, all attempts together`, page));
    lines.push(
      ...row(
        'then',
        goesOn ? 'its last attempt comes through, for the calls that need it' : 'the run ends here: what needs it does not run',
        page,
      ),
    );
    for (const doubt of doubts) lines.push(...row('mind', doubt, page));
    lines.push([]);
  }
  lines.push(...lostLines(lost, page));
  lines.push([span('Run', 'heading')], ...commandLines(command, 3, page.width));
  return lines;
}

/** Those of a limit say the same at each attempt. */
function lostLines(lost: readonly LostText[], page: Page): Line[] {
  const seen = new Set<string>();
  const lines = lost.flatMap(({ call, directive, intended, got, wonBy }): Line[] => {
    const text = `${call}: ${directive} ${intended} will be ${got}, by ${wonBy}`;
    if (seen.has(text)) return [];
    seen.add(text);
    return hanging([span('  ')], [span(text)], page.width);
  });
  return lines.length === 0 ? [] : [[span('What does not take effect', 'heading')], ...lines, []];
}

export function experimentResultsJson(results: ExperimentResultsText): string {
  // What is not known is absent, as elsewhere.
  const told = JSON.parse(
    JSON.stringify({ schemaVersion: '1.0', ...results }, (key, value: unknown) =>
      (value === null || value === '' || (typeof value === 'number' && Number.isNaN(value))) && key !== '' ? undefined : value,
    ),
  );
  return `${JSON.stringify(printableValue(told), undefined, 2)}\n`;
}

export function experimentResultsLines(results: ExperimentResultsText, page: Page): Line[] {
  const { calls, prices, config, lost, notes } = results;
  const ids = calls.map(({ call }) => call);
  const lines: Line[] = [];
  for (const one of calls) {
    const name = page.verbose ? one.call : tellingName(one.call, ids);
    lines.push(
      ...hanging(
        [],
        [span(name, 'strong'), span(` ${page.glyphs.dot} ${counted(one.tasks, 'task')}, ${counted(attemptsOf(one), 'attempt')}`)],
        page.width,
      ),
      ...tableLines(one, prices, page),
      ...lawLines(one, page),
      ...memoryLines(one, page),
      ...choiceLines(one, prices, page),
      [],
    );
  }
  lines.push(
    ...indented(
      [span(`Costs: ${prices.source}${prices.currency === undefined ? '; --platform and --prices give money' : ''}.`, 'faint')],
      0,
      page.width,
    ),
    [],
  );
  lines.push(
    ...lostLines(
      lost.filter(({ attempt }) => attempt === 1),
      page,
    ),
  );
  for (const { message, hint } of notes)
    lines.push(...indented([span(hint === undefined ? message : `${message} (${hint})`)], 0, page.width), []);
  lines.push(...configLines(config, page));
  return lines;
}

/** A line that is broken cannot be pasted. */
function configLines(config: string | undefined, { width }: Page): Line[] {
  if (config === undefined) return [];
  const texts = config
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`);
  if (texts.some((text) => text.length > width)) return [[span('--write-config pipeopt.config writes the cheapest as a config.')]];
  return [[span('To paste, or with --write-config', 'heading')], ...texts.map((text): Line => [span(text, 'code')])];
}

type CallText = ExperimentResultsText['calls'][number];
type PriceTexts = ExperimentResultsText['prices'];

function attemptsOf({ settings }: CallText): number {
  return settings.reduce((sum, { through, killed, failed }) => sum + through + killed + failed, 0);
}

function costText(cost: number, { currency }: PriceTexts): string {
  return currency === undefined ? `${Number(cost.toPrecision(2))} cpu h` : moneyText(cost, currency);
}

const HOUR = 3600;
const GB = 2 ** 30;

function tableLines({ settings }: CallText, prices: PriceTexts, page: Page): Line[] {
  const several = new Set(settings.map(({ queue }) => queue)).size > 1;
  const header = ['cpus', 'memory', ...(several ? ['queue'] : []), 'time', 'busy', 'peak', 'cost a task', ''];
  const rows = settings.map(({ cpus, memory, queue, seconds, busyCores, peak, killed, failed }) => {
    const cost = seconds === undefined ? undefined : (seconds / HOUR) * (cpus * prices.cpuHour + ((memory || 0) / GB) * prices.gbHour);
    const ends = [...(killed > 0 ? [`${killed} killed`] : []), ...(failed > 0 ? [`${failed} failed`] : [])].join(', ');
    return [
      String(cpus),
      Number.isNaN(memory) ? page.glyphs.dash : memoryText(memory),
      ...(several ? [queue] : []),
      seconds === undefined ? page.glyphs.dash : secondsText(seconds),
      busyCores === undefined ? page.glyphs.dash : String(Number(busyCores.toPrecision(2))),
      peak === undefined ? page.glyphs.dash : memoryText(peak),
      cost === undefined ? page.glyphs.dash : costText(cost, prices),
      ends,
    ];
  });
  const widths = header.map((title, at) => Math.max(title.length, ...rows.map((cells) => (cells[at] as string).length)));
  const line = (cells: readonly string[], style?: 'faint'): Line => [
    span(`  ${cells.map((cell, at) => padStart(cell, widths[at] as number)).join('  ')}`, style),
  ];
  return [line(header, 'faint'), ...rows.map((cells) => line(cells))];
}

/** So far off no law is gone by. */
const DOUBTFUL = 0.2;

function lawLines({ laws, settings, best }: CallText, page: Page): Line[] {
  const several = laws.length > 1;
  const lines = laws.flatMap(({ memory, queue, law: { one, serial, crosstalk, settings: tried, off } }): Line[] => {
    const at = several
      ? `with ${Number.isNaN(memory) ? 'its memory' : memoryText(memory)}${new Set(settings.map((each) => each.queue)).size > 1 ? ` on ${queue}` : ''}: `
      : '';
    const text =
      off > DOUBTFUL
        ? `${at}the times follow no law of threads: one is off by ${percentText(off)} somewhere; what was measured stands`
        : `${at}${percentText(Math.max(0, 1 - serial))} of the work runs side by side; with one cpu it would take ${secondsText(one)}${
            crosstalk > 0
              ? `; more than ${Math.round(Math.sqrt(Math.max(0, 1 - serial) / crosstalk))} cpus make it slower (κ ${Number(crosstalk.toPrecision(2))})`
              : ''
          }; ${tried < 3 ? 'by two numbers of cpus, and three would tell whether more make it slower' : `off by ${off < 0.001 ? 'less than 0.1 %' : `${percentText(off)} at most`}`}`;
    return row('threads', text, page);
  });
  if (laws.length === 0 && new Set(settings.map(({ cpus }) => cpus)).size > 1)
    lines.push(...row('threads', 'too few attempts came through to tell', page));
  const [only, other] = laws;
  if (best !== undefined && only !== undefined && other === undefined && only.law.crosstalk === 0)
    lines.push(...row('', `by Amdahl’s law a task costs least with ${Number(best.toPrecision(2))} cpus`, page));
  return lines;
}

/** To the millisecond: what is a hair less than an hour is an hour. */
function secondsText(seconds: number): string {
  return durationText(Math.round(1000 * seconds));
}

function percentText(share: number): string {
  return `${Number((100 * share).toPrecision(share >= 0.1 ? 3 : 2))} %`;
}

function memoryLines({ memoryFloor, killedWith, memoryGrows, settings }: CallText, page: Page): Line[] {
  const lines: Line[] = [];
  if (killedWith !== undefined)
    lines.push(
      ...row(
        'memory',
        memoryFloor === undefined
          ? `killed with as much as ${memoryText(killedWith)}`
          : `${memoryText(memoryFloor)} is enough with whatever cpus were tried; with ${memoryText(killedWith)} some were killed`,
        page,
      ),
    );
  else if (memoryFloor !== undefined)
    lines.push(
      ...row(
        'memory',
        `every attempt came through${new Set(settings.map(({ memory }) => memory)).size > 1 ? `, with ${memoryText(memoryFloor)} too` : ''}`,
        page,
      ),
    );
  if (memoryGrows !== undefined) {
    const { from, to, fewest, most } = memoryGrows;
    lines.push(
      ...row('', `it grows with the threads: ${memoryText(from)} with ${counted(fewest, 'cpu')}, ${memoryText(to)} with ${most}`, page),
    );
  }
  return lines;
}

function choiceLines({ cheapest, fastest, settings }: CallText, prices: PriceTexts, page: Page): Line[] {
  if (cheapest === undefined || fastest === undefined) return row('choice', 'no setting came through at every attempt', page);
  const several = new Set(settings.map(({ queue }) => queue)).size > 1;
  const text = ({ cpus, memory, queue, seconds, cost, tried }: ChoiceText): Span[] => [
    span(`${counted(cpus, 'cpu')}${Number.isNaN(memory) ? '' : `, ${memoryText(memory)}`}${several ? `, ${queue}` : ''}`, 'strong'),
    span(
      `: ${secondsText(seconds)}, ${costText(cost, prices)} a task, ${tried ? 'as measured' : 'by the law, not tried: between what was measured, and better by more than that may be off'}`,
    ),
  ];
  const same = cheapest.cpus === fastest.cpus && Object.is(cheapest.memory, fastest.memory) && cheapest.queue === fastest.queue;
  if (same) return hanging([span(padEnd('cheapest', LABEL))], [...text(cheapest), span('; and the fastest')], page.width);
  return [
    ...hanging([span(padEnd('cheapest', LABEL))], text(cheapest), page.width),
    ...hanging([span(padEnd('fastest', LABEL))], text(fastest), page.width),
  ];
}
