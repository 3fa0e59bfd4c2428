/** Tasks as lists of names and values: the data inside `report.html` and `timeline.html`, and JSON that Seqera Platform exports. */
import { type Literal, LiteralReader, UnreadableLiteral } from './literal.ts';
import type { Sink } from './rows.ts';
import { quoted, RunBuilder } from './run-builder.ts';
import { type TraceFormat, type TraceRun, UnreadableTrace } from './trace-run.ts';

const HINT =
  'a trace (-with-trace), a report (-with-report), a timeline (-with-timeline) or the tasks of a run from Seqera Platform were expected';
/** Where a list of tasks is called so, and whose it is. */
const LISTS: Readonly<Record<string, TraceFormat>> = { trace: 'report', processes: 'timeline', tasks: 'platform', data: 'platform' };

/** UTF-16 units in which the title of a page stands. */
const LONGEST_HEAD = 10_000;

/** A page of Nextflow's. @throws UnreadableTrace */
export function readPage(text: string, name: string): TraceRun[] {
  // Its libraries set other things of window, before it.
  const data = /\bwindow\.data\s*=(?!=)\s*/g;
  let start: number | undefined;
  for (const match of text.matchAll(data)) start = match.index + match[0].length;
  if (start === undefined) {
    const [, title] = /<title[^>]*>([^<]{1,200})/i.exec(text.slice(0, LONGEST_HEAD)) ?? [];
    const page = title === undefined || title.trim() === '' ? 'an HTML page' : `an HTML page, “${quoted(title.trim())}”,`;
    throw new UnreadableTrace(`${name}: ${page} without the data of a run that Nextflow’s own have (window.data)`, HINT);
  }
  return readList(text, start, name);
}

/** From there on a list of tasks, or an object that has one. @throws UnreadableTrace */
export function readList(text: string, start: number, name: string): TraceRun[] {
  const reader = new LiteralReader(text, start);
  let list: TaskList | undefined;
  let empty = false;
  try {
    if (reader.next === '[') {
      list = new TaskList(name, 'platform');
      list.read(reader);
    } else {
      reader.object((key) => {
        const format = Object.hasOwn(LISTS, key) ? LISTS[key] : undefined;
        if (format === undefined || list !== undefined) reader.value();
        else if (reader.next === '[') {
          list = new TaskList(name, format);
          list.read(reader);
        } else {
          // Null where there are more tasks than report.maxTasks (nextflow.trace.ReportObserver).
          empty ||= reader.value() === null && key === 'trace';
        }
      });
    }
  } catch (error) {
    if (!(error instanceof UnreadableLiteral)) throw error;
    if (list === undefined)
      throw new UnreadableTrace(
        `${name}: line ${lineOf(text, error.at)}: ${error.cut ? 'the file ends here, within a value' : 'this is no JSON'}`,
        HINT,
      );
    list.broken(error, lineOf(text, error.at));
  }
  if (list === undefined)
    throw empty
      ? new UnreadableTrace(
          `${name}: the report has no table of tasks`,
          'Nextflow leaves it out where there are more than report.maxTasks (10,000): give the trace (-with-trace)',
        )
      : new UnreadableTrace(`${name}: JSON without a list of tasks (trace, processes, tasks or data)`, HINT);
  return [list.finish()];
}

function lineOf(text: string, at: number): number {
  let line = 1;
  for (let end = text.indexOf('\n'); end !== -1 && end < at; end = text.indexOf('\n', end + 1)) line += 1;
  return line;
}

class TaskList {
  readonly #builder: RunBuilder;
  readonly #isTimeline: boolean;
  readonly #sinks = new Map<string, Sink | undefined>();
  #number = 0;

  constructor(name: string, format: TraceFormat) {
    this.#builder = new RunBuilder({ name, format, places: 'task' });
    this.#isTimeline = format === 'timeline';
  }

  read(reader: LiteralReader): void {
    reader.array(() => {
      const item = reader.value();
      this.#number += 1;
      this.#builder.begin(this.#number);
      if (!(item instanceof Map)) {
        this.#builder.drop({ kind: 'row', key: 'no task', what: 'names and values were expected' }, HINT);
        return;
      }
      const task = item.get('task');
      const own = task instanceof Map ? task : item;
      for (const [key, value] of this.#isTimeline ? ofBar(own) : own) {
        // What is a list or an object says nothing that a column has.
        if (value === null || typeof value === 'object') continue;
        const text = String(value);
        this.#sink(key)?.(text, 0, text.length);
      }
      this.#builder.end();
    });
  }

  broken(error: UnreadableLiteral, line: number): void {
    const what = `${error.cut ? 'the file ends here' : 'what follows cannot be read'} (line ${line}), and no task after it is known`;
    this.#builder.report({
      kind: 'cut',
      key: 'list',
      place: this.#number + 1,
      what,
      used: 'all',
      hint: 'the run was still going on, or a copy broke off',
    });
  }

  finish(): TraceRun {
    return this.#builder.finish();
  }

  #sink(key: string): Sink | undefined {
    if (!this.#sinks.has(key)) this.#sinks.set(key, this.#builder.sink(key));
    return this.#sinks.get(key);
  }
}

/**
 * A bar of the timeline (nextflow.trace.TimelineObserver): from submit to start, then the task's own time, labelled `duration / peak memory`, then what is left until it
 * is complete. Whether it failed is not in it.
 */
function* ofBar(bar: ReadonlyMap<string, Literal>): Iterable<[string, Literal]> {
  const times = bar.get('times');
  const [waiting, running, ending] = (Array.isArray(times) ? times : []) as (ReadonlyMap<string, Literal> | undefined)[];
  yield ['name', bar.get('label') ?? ''];
  if (bar.get('cached') === true) yield ['status', 'CACHED'];
  if (waiting !== undefined) {
    yield ['submit', waiting.get('starting_time') ?? ''];
    yield ['start', waiting.get('ending_time') ?? ''];
  }
  if (running === undefined) return;
  const [from, to] = [running.get('starting_time'), running.get('ending_time')];
  if (typeof from === 'number' && typeof to === 'number') yield ['realtime', `${to - from}ms`];
  yield ['complete', (ending ?? running).get('ending_time') ?? ''];
  const [duration = '', memory = ''] = String(running.get('label') ?? '').split(' / ');
  yield ['duration', duration];
  if (memory !== 'CACHED') yield ['peak_rss', memory];
}
