/** What of the runs is not used and why, and what a trace would have to have that these have not. */
import type { TraceMatch, Unmatched } from '../../parser/graph/trace-matches.ts';
import type { CoverageNote } from '../../parser/pipeline/pipeline.ts';
import { nextflowName } from '../../parser/trace/columns.ts';
import { hasRun, lengthMs, STATUSES, type TraceField, type TraceProblem, type TraceRun } from '../../parser/trace/trace-run.ts';
import { counted, listOf } from '../words.ts';
import type { Evidence } from './evidence.ts';

/** What of a run tells how its tasks fare, and what remains unknown without it. */
const WANTED: readonly { readonly fields: readonly TraceField[]; readonly tells: string }[] = [
  { fields: ['status'], tells: 'which tasks failed' },
  { fields: ['attempt'], tells: 'which attempt each was' },
  { fields: ['submitMs', 'startMs', 'completeMs'], tells: 'how long tasks wait and bring files' },
  { fields: ['realtimeMs'], tells: 'how long commands take' },
  { fields: ['cpus'], tells: 'how many cpus they asked for' },
  { fields: ['memoryBytes'], tells: 'how much memory they asked for' },
  { fields: ['timeMs'], tells: 'which limit of time they asked for' },
  { fields: ['cpuPercent'], tells: 'how many cpus they kept busy' },
  { fields: ['peakRssBytes'], tells: 'how much memory they used' },
  { fields: ['readCharBytes', 'writeCharBytes'], tells: 'what they read and write' },
];
/** All that is asked of a trace, in names that every version of Nextflow knows (22.10 on). */
export const TRACE_FIELDS =
  'task_id,hash,native_id,process,tag,name,status,exit,attempt,submit,start,complete,duration,realtime,queue,cpus,memory,disk,time,%cpu,peak_rss,rchar,wchar,read_bytes,write_bytes';
const NEXT_TIME = `next time run with -with-trace and, in nextflow.config: trace.raw = true; trace.fields = '${TRACE_FIELDS}'`;
/** By the wrapper of the task itself. */
const MEASURED = ['cpuPercent', 'peakRssBytes', 'readCharBytes'] as const;
const MEASURED_HINT = 'Nextflow measures tasks with ps, which their containers must have';

/** What is read, and said how. */
const TAKEN: ReadonlySet<TraceProblem['kind']> = new Set(['locale', 'unconfirmed', 'several']);

export function traceNotes({ matches, doubles }: Pick<Evidence, 'matches' | 'doubles'>): CoverageNote[] {
  return [
    ...[...matches, ...doubles].flatMap(({ run }) =>
      run.problems.map(
        ({ kind, message, hint }): CoverageNote => ({
          message,
          ...(TAKEN.has(kind) && { taken: true as const }),
          ...(hint === undefined ? {} : { hint }),
        }),
      ),
    ),
    ...doubles.map(({ run, as }) => ({ message: `${run.name} is of the same run as ${as.name}, which tells more, and is not used` })),
    ...matches.flatMap(unmatchedNotes),
    ...matches.flatMap(cachedNotes),
    ...matches.flatMap(waitingNotes),
    ...lackingNotes(matches.filter(({ rowsOf }) => rowsOf.size > 0).map(({ run }) => run)),
  ];
}

/** Fields that would tell more and for which the run's file has no column, as `trace.fields` has them. */
export function missingFields(run: TraceRun): string[] {
  return WANTED.flatMap(({ fields }) => fields.filter((field) => !run.columns.has(field)).map(nextflowName));
}

/** Nothing ran: what is known is of the runs that filled the cache. */
function cachedNotes({ run, rowsOf }: TraceMatch): CoverageNote[] {
  const rows = [...rowsOf.values()].flatMap((some) => [...some]);
  if (rows.length === 0 || rows.some((row) => run.status[row] !== CACHED)) return [];
  const told = [
    ...(run.fields.has('realtimeMs') ? ['how long commands took'] : []),
    ...(run.fields.has('peakRssBytes') ? ['what tasks used'] : []),
  ];
  const used = ['how many tasks there are', ...told].join(', ');
  return [
    {
      message: `${run.name}: all of its ${counted(rows.length, 'task')} came from the cache, so nothing ran: ${used} ${told.length === 0 ? 'is' : 'are'} used, as the run that made them measured it; when they ran, how long they waited and what that run took is not known`,
      taken: true,
      hint: 'give the trace of the run that made them, or run once without -resume',
    },
  ];
}

/** What such tasks took is not theirs alone. */
function waitingNotes({ run, rowsOf }: TraceMatch): CoverageNote[] {
  let [ran, some] = [0, 0];
  for (const rows of rowsOf.values())
    for (const row of rows) {
      if (!hasRun(run, row) || Number.isNaN(lengthMs(run, row))) continue;
      ran += 1;
      if (Number.isNaN(run.realtimeMs[row]) && Number.isNaN(run.startMs[row])) some += 1;
    }
  if (some === 0) return [];
  const whose = some === ran ? 'tasks' : `${some} of ${counted(ran, 'task')}`;
  return [
    {
      message: `${run.name}: nothing tells when ${whose} began: they are taken to last from submission to completion, and what they waited for machines counts as theirs`,
      taken: true,
      hint: 'next time run with -with-trace, with realtime and start in trace.fields',
    },
  ];
}

const CACHED = STATUSES.indexOf('CACHED');

function unmatchedNotes({ run, rowsOf, unmatched }: TraceMatch): CoverageNote[] {
  if (run.rows === 0 || unmatched.length === 0) return [];
  if (rowsOf.size === 0 && unmatched.every(({ why }) => why === 'no call')) {
    const processes =
      run.processes.length === 1 ? 'its one process is not called' : `none of its ${run.processes.length} processes is called`;
    return [
      {
        message: `${run.name}: ${processes} in this pipeline, and nothing of it is used: ${shown(unmatched)}`,
        hint: 'is it of this pipeline, and under these params?',
      },
    ];
  }
  const tops = new Set([...rowsOf.keys()].map(({ id }) => topOf(id)));
  return WHYS.flatMap(({ why, are, hint, otherHint }): CoverageNote[] => {
    const some = unmatched.filter((one) => one.why === why);
    if (some.length === 0) return [];
    const rows = some.reduce((sum, one) => sum + one.rows, 0);
    const foreign = otherHint !== undefined && some.every(({ process }) => process.includes(':') && !tops.has(topOf(process)));
    return [
      {
        message: `${run.name}: ${counted(rows, 'row')} ${rows === 1 ? 'is' : 'are'} not used, since ${some.length === 1 ? 'the process' : `the ${some.length} processes`} ${are[some.length === 1 ? 0 : 1]}: ${shown(some)}`,
        hint: foreign ? otherHint : hint,
      },
    ];
  });
}

const WHYS: readonly { why: Unmatched['why']; are: readonly [string, string]; hint: string; otherHint?: string }[] = [
  {
    why: 'no call',
    are: ['is not called in this pipeline', 'are not called in this pipeline'],
    hint: 'is it of this revision, and with these params and profiles?',
    otherHint: 'are there tasks of another pipeline in it?',
  },
  {
    why: 'off',
    are: ['is switched off by these params', 'are switched off by these params'],
    hint: 'give the params of that run, with --params-file or --param',
  },
  {
    why: 'several calls',
    are: ['could be any of several calls', 'could each be any of several calls'],
    hint: 'the names are short: was it run by an older Nextflow, or from another entry?',
  },
];

function topOf(name: string): string {
  return name.split(':', 1)[0] as string;
}

function shown(some: readonly Unmatched[]): string {
  return listOf(
    [...some]
      .sort((one, two) => two.rows - one.rows || (one.process < two.process ? -1 : 1))
      .map(({ process, rows }) => `${process} (${rows})`),
    4,
  );
}

/** One sentence for all runs that lack the same. */
function lackingNotes(runs: readonly TraceRun[]): CoverageNote[] {
  const lacks = new Map<string, { readonly names: string[]; readonly hint: string }>();
  for (const run of runs) {
    for (const { what, hint } of lackOf(run)) {
      const known = lacks.get(what);
      if (known === undefined) lacks.set(what, { names: [run.name], hint });
      else known.names.push(run.name);
    }
  }
  return [...lacks].map(([what, { names, hint }]) => ({
    message: `${listOf(names)}, read as ${what.replace(HAVE, names.length === 1 ? 'has' : 'have')}`,
    hint,
  }));
}

const HAVE = '{have}';

const FORMATS: Readonly<Record<TraceRun['format'], string>> = {
  trace: 'Nextflow’s trace',
  report: 'Nextflow’s report.html',
  timeline: 'Nextflow’s timeline.html',
  platform: 'an export of Seqera Platform',
  log: '.nextflow.log',
};

/** `what` reads after "trace.txt, read as". */
function* lackOf(run: TraceRun): Iterable<{ what: string; hint: string }> {
  const missing = missingFields(run);
  const untold = WANTED.filter(({ fields }) => fields.some((field) => !run.columns.has(field))).map(({ tells }) => tells);
  const columns = `no ${missing.length === 1 ? 'column' : 'columns'} ${missing.join(', ')}`;
  if (missing.length > 0)
    yield { what: `${FORMATS[run.format]}, ${HAVE} ${columns}: of its tasks it is not known ${untold.join(', ')}`, hint: NEXT_TIME };
  const empty = MEASURED.filter((field) => run.columns.has(field) && !run.fields.has(field));
  // Where values are there and not used, that is said.
  const isRefused = (field: TraceField): boolean =>
    run.problems.some(({ kind, message }) => kind === 'unit' || (kind !== 'cut' && message.includes(` ${nextflowName(field)} `)));
  const unseen = empty.filter((field) => !isRefused(field));
  if (unseen.length > 0)
    yield { what: `${FORMATS[run.format]}, ${HAVE} no value of ${unseen.map(nextflowName).join(', ')} in any row`, hint: MEASURED_HINT };
}
