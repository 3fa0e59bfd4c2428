/** What people have of their runs, and what is read of it. */
import { describe, expect, test } from 'vitest';
import { readTrace } from '../../../src/parser/trace/read-trace.ts';
import { countsAsTask, STATUSES, type TraceRun, UnreadableTrace } from '../../../src/parser/trace/trace-run.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

function one(text: string, name = 'trace.txt'): TraceRun {
  const runs = readTrace(text, name);
  expect(runs).toHaveLength(1);
  return runs[0] as TraceRun;
}
/** Cells are parted by `|` in these tests, rows by line ends. */
function table(rows: string, separator = '\t'): string {
  return `${rows
    .trim()
    .replace(/ *\n */g, '\n')
    .replaceAll(/ *\| */g, separator)}\n`;
}
function said(run: TraceRun): string[] {
  return run.problems.map(({ message }) => message);
}
function names(run: TraceRun): string[] {
  return [...run.process].map((process, row) => `${run.processes[process]} ${run.tag.at(row) ?? '-'}`);
}
function statuses(run: TraceRun): (string | undefined)[] {
  return [...run.status].map((status) => STATUSES[status]);
}

describe('a trace', () => {
  const DEFAULT = `
    task_id|hash|native_id|name|status|exit|submit|duration|realtime|%cpu|peak_rss|peak_vmem|rchar|wchar
    1|2c/90928f|12708|EXOME:ALIGN (NA12878)|COMPLETED|0|2026-11-27 20:52:42.289|1h 2m 3s|1h|397.5%|2.5 GB|7 GB|92.2 KB|190 B
    2|66/18ed34|13483|EXOME:MERGE|COMPLETED|0|2026-11-27 21:55:00.000|350ms|0ms|-|0|0|-|-`;

  test('for people: units are those of Nextflow, whose MB are powers of 1024', () => {
    const run = one(table(DEFAULT));
    expect(run).toMatchObject({ name: 'trace.txt', format: 'trace', rows: 2, problems: [] });
    expect(names(run)).toEqual(['EXOME:ALIGN NA12878', 'EXOME:MERGE -']);
    expect(statuses(run)).toEqual(['COMPLETED', 'COMPLETED']);
    expect([...run.durationMs]).toEqual([3_723_000, 350]);
    expect([...run.realtimeMs]).toEqual([3_600_000, 0]);
    expect([...run.cpuPercent]).toEqual([397.5, Number.NaN]);
    expect([...run.peakRssBytes]).toEqual([2.5 * GIB, 0]);
    expect([...run.readCharBytes]).toEqual([Math.round(92.2 * 1024), Number.NaN]);
    expect([...run.writeCharBytes]).toEqual([190, Number.NaN]);
    expect((run.submitMs[1] as number) - (run.submitMs[0] as number)).toBe(62 * 60_000 + 17_711);
    expect(run.hash.at(1)).toBe('66/18ed34');
    expect(run.nativeId.at(0)).toBe('12708');
    // It has no such columns.
    expect([...run.cpus]).toEqual([Number.NaN, Number.NaN]);
    expect(run.queue.at(0)).toBeUndefined();
    expect([...run.columns].sort()).not.toContain('cpus');
    expect(run.fields.has('peakRssBytes')).toBe(true);
  });

  const RAW = `
    hash|process|tag|name|status|exit|attempt|submit|start|complete|duration|realtime|queue|cpus|memory|disk|time|%cpu|peak_rss|read_bytes
    2c/90928f|ALIGN|a|ALIGN (a)|COMPLETED|0|1|1680894456103|1680894458000|1680894468000|11897|9000|long|4|${8 * GIB}|-|14400000|350.2|${3 * MIB}|4096
    66/18ed34|MERGE|-|MERGE|ABORTED|-|1|-|-|-|-|-|-|-|-|-|-|-|-|-`;
  for (const [separator, what] of [
    ['\t', 'tabs'],
    [',', 'commas'],
    [';', 'semicolons'],
  ] as const) {
    test(`raw, in any order of fields, with ${what}`, () => {
      const run = one(table(RAW, separator));
      expect(said(run)).toEqual([]);
      expect(names(run)).toEqual(['ALIGN a', 'MERGE -']);
      expect(statuses(run)).toEqual(['COMPLETED', 'ABORTED']);
      const first = (
        ['submitMs', 'startMs', 'completeMs', 'durationMs', 'realtimeMs', 'cpus', 'memoryBytes', 'timeMs', 'exit'] as const
      ).map((field) => run[field][0]);
      expect(first).toEqual([1680894456103, 1680894458000, 1680894468000, 11897, 9000, 4, 8 * GIB, 14_400_000, 0]);
      expect([run.cpuPercent[0], run.peakRssBytes[0], run.readBytes[0], run.queue.at(0)]).toEqual([350.2, 3 * MIB, 4096, 'long']);
      expect([run.exit[1], run.durationMs[1], run.memoryBytes[1]]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    });
  }

  test('with the separator in tags: the name repeats the tag, which shows where it ends', () => {
    const run = one(
      'process;tag;name;status;exit;realtime\nFILTER;min-freq:10;min-samples:2;FILTER (min-freq:10;min-samples:2);COMPLETED;0;7s\nFILTER;a;FILTER (a);FAILED;1;8s\n',
    );
    expect(names(run)).toEqual(['FILTER min-freq:10;min-samples:2', 'FILTER a']);
    expect([...run.realtimeMs]).toEqual([7000, 8000]);
    expect(said(run)).toEqual([]);
    const default14 = one('task_id\tname\tstatus\texit\n1\tFILTER (a\tb\tc)\tCOMPLETED\t0\n');
    expect([names(default14), [...default14.exit]]).toEqual([['FILTER a\tb\tc'], [0]]);
  });
  test('with a tag that cannot be told from its name keeps the rest of the row', () => {
    const run = one('process;tag;name;status;realtime\nFILTER;a;b;FILTER (x);COMPLETED;7000\n');
    expect([names(run), [...run.realtimeMs]]).toEqual([['FILTER -'], [7000]]);
    expect(said(run)[0]).toContain('trace.txt: line 2: 1 cells more than the header has');
  });

  test('with scripts in it, which go over lines and have tabs of their own', () => {
    const run = one(
      [
        'task_id\thash\tname\tstatus\tscript\tenv\tcontainer\trealtime\tpeak_rss',
        '1\t2c/90928f\tALIGN (a)\tCOMPLETED\t',
        '  bwa mem \\',
        '\t-t 4 \tref.fa | awk "{ print \\$1\t\\$2 }"',
        '3 lines',
        '\texport PATH=x',
        '\timage:1\t2m\t1.5 GB',
        '2\t66/18ed34\tMERGE\tCOMPLETED\tmerge all\t-\timage:1\t3m\t2 GB',
        '3\t66/18ed35\tREPORT\tFAILED\techo',
        'done\t-\timage:2\t4m\t3 GB',
        '',
      ].join('\n'),
    );
    expect(names(run)).toEqual(['ALIGN a', 'MERGE -', 'REPORT -']);
    expect([...run.realtimeMs]).toEqual([120_000, 180_000, 240_000]);
    expect([...run.peakRssBytes]).toEqual([1.5 * GIB, 2 * GIB, 3 * GIB]);
    expect(run.container.at(2)).toBe('image:2');
    expect(said(run)).toEqual([]);
  });

  test('that another program has made a table of: quotes, line ends of Windows, 4.0 for 4, no hash and no submit', () => {
    const run = one('﻿process,tag,exit,cpus,cost\r\nALIGN,"a, ""b""",0,4.0,1.4e-05\r\n\r\nALIGN,"c\nd",1,,\r\nALIGN,e,0,2,3');
    expect(names(run)).toEqual(['ALIGN a, "b"', 'ALIGN c\nd', 'ALIGN e']);
    expect([...run.cpus]).toEqual([4, Number.NaN, 2]);
    expect([...run.costUsd]).toEqual([1.4e-5, Number.NaN, Number.NaN]);
    expect([0, 1, 2].map((row) => countsAsTask(run, row))).toEqual([true, false, true]);
    // Of the three lines of the second row the first is its line.
    expect(said(run)).toEqual([
      'trace.txt: line 6: the file ends in this row, without a line end: its last cell, cost "3", may be cut; this value is not used',
    ]);
  });

  test('whose column Task has processes, unless a column name has them; and a sample that is called NA', () => {
    const run = one('Task,Realtime,cpus,tag\nBACASS:SKEWER,4944000,NA,NA\n');
    expect([names(run), run.realtimeMs[0], run.cpus[0], said(run)]).toEqual([['BACASS:SKEWER NA'], 4_944_000, Number.NaN, []]);
    expect(names(one('task,name,status\n1,ALIGN (a),COMPLETED\n'))).toEqual(['ALIGN a']);
  });

  test('of Seqera Platform: its names, UTC, the machine and its price class', () => {
    const run = one(
      'taskId,hash,process,tag,name,status,attempt,submit,start,complete,pcpu,peakRss,machineType,cloudZone,priceModel,executor\n' +
        '7,b0/8241a2,ALIGN,a,ALIGN (a),RUNNING,1,2025-09-18T13:01:21Z,2025-09-18T13:03:43Z,,12.5,5214208,r6id.large,eu-west-1c,spot,awsbatch\n',
      'tasks.csv',
    );
    expect(run.format).toBe('platform');
    expect(run.startMs[0]).toBe(Date.parse('2025-09-18T13:03:43Z'));
    expect([run.taskId[0], run.cpuPercent[0], run.peakRssBytes[0]]).toEqual([7, 12.5, 5214208]);
    expect([run.machineType.at(0), run.zone.at(0), run.priceModel.at(0), run.executor.at(0)]).toEqual([
      'r6id.large',
      'eu-west-1c',
      'spot',
      'awsbatch',
    ]);
    expect(statuses(run)).toEqual(['UNFINISHED']);
  });

  test('of Seqera Platform as JSON', () => {
    const tasks = [{ taskId: 1, process: 'ALIGN', tag: null, name: 'ALIGN', status: 'COMPLETED', realtime: 9000, cpus: 2, peakRss: 4096 }];
    for (const value of [tasks, { tasks: tasks.map((task) => ({ task })), total: 1 }]) {
      const run = one(JSON.stringify(value), 'workflow-tasks.json');
      expect([run.format, run.rows, run.realtimeMs[0], run.cpus[0], run.peakRssBytes[0]]).toEqual(['platform', 1, 9000, 2, 4096]);
    }
  });
});

describe('a page of Nextflow', () => {
  const PAGE = (data: string): string =>
    `<!DOCTYPE html>\n<html><script>window.data_byprocess = {}; if( window.data.trace==null ) {}</script>\n<script>\n  window.data = ${data};\n</script></html>\n`;

  test('report.html: its data is JavaScript, read and never evaluated', () => {
    const data = `{ "trace":[
      {"task_id":"1","hash":"2c\\/90928f","process":"ALIGN","tag":"a\\'s \\"lane\\" \\u00e9","name":"ALIGN (a\\'s \\"lane\\" \\u00e9)","status":"COMPLETED","exit":"0","realtime":"9000","%cpu":"97.2","peak_rss":"4096","cpus":"4","hostname":"-",},
      {'task_id': 2, process: 'MERGE', name: 'MERGE', status: 'FAILED', exit: 137, pct_cpu: null, realtime: 5, summary: [{}]}, ],
      "summary":[{"process":"ALIGN"}], }`;
    const run = one(PAGE(data), 'report.html');
    expect([run.format, said(run)]).toEqual(['report', []]);
    expect(names(run)).toEqual(['ALIGN a\'s "lane" é', 'MERGE -']);
    expect(run.hash.at(0)).toBe('2c/90928f');
    expect([...run.realtimeMs]).toEqual([9000, 5]);
    expect([...run.exit]).toEqual([0, 137]);
    expect(run.hostname.at(0)).toBeUndefined();
    // The data alone, as people keep it.
    expect(one(data, 'data.json').rows).toBe(2);
  });
  test('report.html without its table says so', () => {
    expect(() => readTrace(PAGE('{ "trace":null, "summary":[] }'), 'report.html')).toThrow('report.html: the report has no table of tasks');
  });
  test('timeline.html: waits, commands and what follows; whether a task failed is not in it', () => {
    const run = one(
      PAGE(`{
        "elapsed": "1m 3s", "beginningMillis": 1680894456000, "endingMillis": 1680894519000,
        "processes": [
          {"label": "ALIGN (a\\'s)", "cached": false, "index": 0, "times": [{"starting_time": 1680894456103, "ending_time": 1680894458000}, {"starting_time": 1680894458000, "ending_time": 1680894467000, "label": "12s \\/ 3 MB"}, {"starting_time": 1680894467000, "ending_time": 1680894468103}]},
          {"label": "ALIGN (a\\'s)", "cached": false, "index": 0, "times": [{"starting_time": 1680894470000, "ending_time": 1680894471000}, {"starting_time": 1680894471000, "ending_time": 1680894472000, "label": "2s \\/ -"}]},
          {"label": "MERGE", "cached": true, "index": 1, "times": [{"starting_time": 1600000000000, "ending_time": 1600000001000}, {"starting_time": 1600000001000, "ending_time": 1600000002000, "label": "2s \\/ 5 MB \\/ CACHED"}]},
          {"label": "REPORT", "cached": false, "index": 2, "times": []}
        ]
      }`),
      'timeline.html',
    );
    expect([run.format, said(run)]).toEqual(['timeline', []]);
    expect(statuses(run)).toEqual(['UNSTATED', 'UNSTATED', 'CACHED', 'UNSTATED']);
    expect([run.submitMs[0], run.startMs[0], run.completeMs[0]]).toEqual([1680894456103, 1680894458000, 1680894468103]);
    expect([run.realtimeMs[0], run.durationMs[0], run.peakRssBytes[0]]).toEqual([9000, 12_000, 3 * MIB]);
    expect([run.submitMs[2], run.realtimeMs[2]]).toEqual([Number.NaN, 1000]);
    // A second bar of a name is a second attempt, for all that a timeline says.
    expect([...run.repeats]).toEqual([-1, 0, -1, -1]);
  });
});

describe('attempts at a task', () => {
  test('are linked by their name, and numbered where the trace does so', () => {
    const run = one(
      table(`
        task_id|hash|name|status|exit|attempt
        1|a0/000001|ALIGN (a)|FAILED|137|1
        2|a0/000002|ALIGN (b)|COMPLETED|0|1
        4|a0/000004|ALIGN (a)|COMPLETED|0|3
        3|a0/000003|ALIGN (a)|FAILED|137|2
        5|a0/000005|ALIGN (a)|COMPLETED|0|1`),
    );
    expect([...run.retryOf]).toEqual([-1, -1, 3, 0, -1]);
  });
  test('follow by their attempts, also where they are numbered the other way round', () => {
    const run = one(table('task_id|name|status|attempt\n101|ALIGN (a)|FAILED|1\n1|ALIGN (a)|COMPLETED|2'));
    expect([...run.retryOf]).toEqual([-1, 0]);
  });
  test('without numbers follow in the order in which they were made', () => {
    const run = one(
      table(`
        task_id|name|status|submit|complete
        1|ALIGN (a)|FAILED|2026-01-01 10:00:00|2026-01-01 11:00:00
        2|ALIGN (a)|COMPLETED|2026-01-01 10:00:00|2026-01-01 12:00:00
        3|ALIGN (a)|COMPLETED|2026-01-01 11:00:00|2026-01-01 12:00:00`),
    );
    // The second was submitted before the first had failed: it is another task of the same name.
    expect([...run.retryOf]).toEqual([-1, -1, 0]);
  });
  test('are not told apart where neither name nor tag is there', () => {
    expect([...one(table('process|status\nALIGN|FAILED\nALIGN|COMPLETED')).retryOf]).toEqual([-1, -1]);
  });

  test('from a cache are kept apart: their times of day are those of an older run, what they took and used too', () => {
    const run = one(
      table(`
        hash|name|status|submit|start|complete|duration|realtime|peak_rss
        a0/000001|ALIGN (a)|CACHED|1600000000000|1600000001000|1600000002000|2000|900|4096`),
    );
    expect([run.submitMs[0], run.startMs[0], run.completeMs[0], run.durationMs[0]].every(Number.isNaN)).toBe(true);
    expect([run.realtimeMs[0], run.peakRssBytes[0]]).toEqual([900, 4096]);
    expect(countsAsTask(run, 0)).toBe(true);
  });
  test('that a resumed run wrote again count once, two tasks of one name twice', () => {
    const run = one(
      table(`
        task_id|hash|name|status
        1|aa/000001|ALIGN (x)|COMPLETED
        2|bb/000001|ALIGN (x)|COMPLETED
        1|aa/000001|ALIGN (x)|CACHED
        3|aa/000001|SORT (x)|COMPLETED
        4|cc/000001|SORT (y)|FAILED`),
    );
    expect([...run.repeats]).toEqual([-1, -1, 0, -1, -1]);
    expect([0, 1, 2, 3, 4].map((row) => countsAsTask(run, row))).toEqual([true, true, false, true, false]);
  });
});

describe('what is wrong with a file is said with its place, and left out', () => {
  const ROW = (name: string, rest = ''): string =>
    `${name}|COMPLETED|2026-01-01 10:00:00|2026-01-01 10:00:05|2026-01-01 10:01:00|1m|50s${rest}`;
  const HEADER = 'name|status|submit|start|complete|duration|realtime';

  test('cut within a row', () => {
    const run = one(`${table(`${HEADER}\n${ROW('ALIGN (a)')}\n`)}ALIGN (b)\tCOMPL`);
    expect(run.rows).toBe(1);
    expect(run.problems).toEqual([
      {
        kind: 'cut',
        place: 3,
        rows: 1,
        message: 'trace.txt: line 3: the file ends within this row, after 2 of 7 cells; this row is not used',
        hint: 'the run was still going on, or a copy broke off',
      },
    ]);
  });
  test('cut within the last cell', () => {
    const run = one(table(`${HEADER}\n${ROW('ALIGN (a)')}\n`).slice(0, -2));
    expect([run.rows, run.durationMs[0], run.realtimeMs[0]]).toEqual([1, 60_000, Number.NaN]);
    expect(said(run)[0]).toContain('its last cell, realtime "50", may be cut');
  });
  test('a page that is cut: tasks before the cut are used', () => {
    const run = one(
      `<html>\n<script>window.data = { "trace":[\n{"name":"ALIGN (a)","status":"COMPLETED","exit":"0"},\n{"name":"ALIGN (b)","sta`,
      'report.html',
    );
    expect([run.rows, said(run)]).toEqual([1, ['report.html: task 2: the file ends here (line 4), and no task after it is known']]);
  });
  test('rows with too few cells, in the midst', () => {
    const run = one(table(`${HEADER}\n${ROW('ALIGN (a)')}\nALIGN (b)|COMPLETED\nALIGN (c)\n${ROW('ALIGN (d)')}`));
    expect(names(run)).toEqual(['ALIGN a', 'ALIGN d']);
    expect(said(run)).toEqual(['trace.txt: line 3: 2 cells, where the header has 7; this and 1 more such rows are not used']);
  });

  test('decimal commas, in a locale where they are none of the separators', () => {
    const run = one(
      table('name|status|realtime|%cpu|peak_rss\nALIGN (a)|COMPLETED|5,3s|97,2%|815,2 MB\nALIGN (b)|COMPLETED|1,234s|1,234%|1,234 MB'),
    );
    expect([run.realtimeMs[0], run.cpuPercent[0], run.peakRssBytes[0]]).toEqual([5300, 97.2, Math.round(815.2 * MIB)]);
    // One and a bit, or more than a thousand: nobody knows.
    expect([run.realtimeMs[1], run.cpuPercent[1], run.peakRssBytes[1]]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(said(run)).toEqual([
      'trace.txt: line 2: realtime "5,3s" has a decimal comma; it and others like it are read as 5.3s',
      'trace.txt: line 3: realtime "1,234s" is no length of time; this value is not used',
      'trace.txt: line 3: %cpu "1,234%" is no percentage; this value is not used',
      'trace.txt: line 3: peak_rss "1,234 MB" is no size in bytes, KB, MB …; this value is not used',
    ]);
  });
  test('decimal commas between commas: rows that do not fit are left out', () => {
    const run = one('name,status,realtime,%cpu\nALIGN (a),COMPLETED,5s,97\nALIGN (b),COMPLETED,5,3s,97,2\n');
    expect(names(run)).toEqual(['ALIGN a']);
    expect(said(run)[0]).toMatch(/^trace\.txt: line 3: "3s" is no status that Nextflow writes; this row is not used$/);
  });
  test('dates of another country', () => {
    const run = one(table(`${HEADER}\nALIGN (a)|COMPLETED|15.08.2018 12:55|-|-|1m|50s`));
    expect(run.submitMs[0]).toBeNaN();
    expect(said(run)).toEqual([
      'trace.txt: line 2: submit "15.08.2018 12:55" is no date and time that is the same in every country; this value is not used',
    ]);
  });

  test('lengths in seconds: duration is not what lies between submit and complete', () => {
    const raw = (realtime: number, duration: number): string =>
      table(
        `name|status|submit|start|complete|duration|realtime\nALIGN (a)|COMPLETED|1680894456000|1680894460000|1680894576000|${duration}|${realtime}\nALIGN (b)|COMPLETED|1680894456000|1680894460000|1680894696000|${2 * duration}|${realtime}`,
      );
    expect(said(one(raw(115_000, 120_000)))).toEqual([]);
    const run = one(raw(115, 120));
    // What lies between submit and complete is known.
    expect([run.durationMs[0], run.realtimeMs[0], run.completeMs[0]]).toEqual([120_000, Number.NaN, 1680894576000]);
    expect(said(run)).toEqual([
      'trace.txt: line 2: realtime 115 is not in milliseconds, as start and complete show; the column is not used',
      'trace.txt: line 2: duration 120 is not what lies between submit and complete; the column is not used',
    ]);
  });
  test('times of day in seconds, memory in KB, requests in GB', () => {
    const run = one(
      table('name|status|submit|memory|time|peak_rss\nALIGN (a)|COMPLETED|1680894456|8|4|4811\nALIGN (b)|COMPLETED|1680894457|16|4|4096'),
    );
    expect([run.submitMs[0], run.memoryBytes[0], run.timeMs[0], run.peakRssBytes[0], run.peakRssBytes[1]].every(Number.isNaN)).toBe(true);
    expect(said(run)).toEqual([
      'trace.txt: line 2: submit 1680894456 can be no number of milliseconds; this and 1 more such values are not used',
      'trace.txt: line 2: memory 8 can be no number of bytes; this and 1 more such values are not used',
      'trace.txt: line 2: time 4 can be no number of milliseconds; this and 1 more such values are not used',
      'trace.txt: line 2: peak_rss 4811 is not in bytes, which come in whole KB; the column is not used',
    ]);
  });
  test('shares of cpus that are cores, or shares of 1; not those of tasks that do little beside one that works', () => {
    const busy = (...shares: readonly (number | string)[]): TraceRun =>
      one(table(`name|status|realtime|cpus|%cpu\n${shares.map((share, at) => `ALIGN (${at})|COMPLETED|1m|2|${share}`).join('\n')}`));
    for (const run of [busy(1.9, 1.7, 1.2, 2.1, 0.8), busy(0.95, 0.6, 0.4, 0.99, 0.2)]) expect(run.fields.has('cpuPercent')).toBe(false);
    expect(said(busy(1.9, 1.7, 1.2, 2.1, 0.8))).toEqual([
      'trace.txt: line 5: %cpu 2.1 of 2 cpus is the most that a task has, too little for percent; the column is not used',
    ]);
    for (const run of [
      busy(1.9, 1.7, 1.2, 2.1, 95),
      busy(1.9, 1.7, 1.2, 2.1),
      busy(0, 0, 0, 0, 0),
      busy('1.9%', '1.7%', '1%', '2%', '1%'),
    ]) {
      expect(said(run)).toEqual([]);
      expect(run.fields.has('cpuPercent')).toBe(true);
    }
  });
  test('numbers without a unit beside some that have one', () => {
    const run = one(
      table('name|status|realtime|peak_rss\nALIGN (a)|COMPLETED|5m|815\nALIGN (b)|COMPLETED|7|2 GB\nALIGN (c)|COMPLETED|0|0'),
    );
    expect([...run.realtimeMs]).toEqual([300_000, Number.NaN, 0]);
    expect([...run.peakRssBytes]).toEqual([Number.NaN, 2 * GIB, 0]);
    expect(said(run)).toEqual([
      'trace.txt: line 3: realtime 7 has no unit, and others have one; this value is not used',
      'trace.txt: line 2: peak_rss 815 has no unit, and realtime have one; this value is not used',
    ]);
  });

  describe('times that no one task can have: the fewest are left out without which the rest fits', () => {
    const AT = Date.UTC(2026, 0, 1, 10);
    /** Seconds after ten o'clock, and lengths in seconds: submit, start, complete, duration, realtime. */
    const read = (...rows: readonly (readonly (number | string)[])[]): TraceRun =>
      one(
        table(
          `${HEADER}\n${rows
            .map((times) => times.map((time, at) => (typeof time === 'string' ? time : at < 3 ? AT + 1000 * time : 1000 * time)))
            .map((cells, at) => `ALIGN (${at})|COMPLETED|${cells.join('|')}`)
            .join('\n')}`,
        ),
      );
    const times = (run: TraceRun, row = 0): number[] => [
      ...[run.submitMs, run.startMs, run.completeMs].map((column) => ((column[row] as number) - AT) / 1000),
      ...[run.durationMs, run.realtimeMs].map((column) => (column[row] as number) / 1000),
    ];
    const GOOD = [0, 5, 3341, 3341, 3335];

    test('those that fit are left alone, also what a scheduler rounds or tells late', () => {
      for (const good of [
        GOOD,
        [0.9, 0, 60, 60, 50],
        [0, 5, 60, 61, 64],
        [0, '-', 60, '-', 50],
        ['-', '-', '-', 60, 50],
        [0, 4000, 4060, 4060, 50],
      ])
        expect(said(read(GOOD, good, GOOD))).toEqual([]);
    });
    test('an end before the start, or too soon after it, where the lengths agree', () => {
      const run = read([0, 5, -259, 3341, 3335], [0, 5, 114, 3714, 3708], GOOD);
      expect([times(run), times(run, 1)]).toEqual([GOOD, [0, 5, 3714, 3714, 3708]]);
      expect(said(run)).toEqual([
        'trace.txt: line 2: complete is 264 s before start; complete of this row is not used',
        'trace.txt: line 3: duration is 3714 s, and between submit and complete lie 114 s; complete of this row is not used',
      ]);
    });
    test('a start before the submission', () => {
      const run = read([0, -3600, 60, 60, 50], GOOD);
      expect(times(run)).toEqual([0, Number.NaN, 60, 60, 50]);
      expect(said(run)).toEqual(['trace.txt: line 2: start is 3600 s before submit; start of this row is not used']);
    });
    test('a submission a year too early', () => {
      const run = read([-34_560_000, 5, 1899, 1899, 1893], GOOD);
      expect(times(run)).toEqual([0, 5, 1899, 1899, 1893]);
      expect(said(run)[0]).toContain('submit of this row is not used');
    });
    test('a realtime that two others contradict, and one that a single one does', () => {
      expect(times(read([0, 5, 605, 605, 3_596_400], GOOD, GOOD))).toEqual([0, 5, 605, 605, Number.NaN]);
      expect(times(read([0, 5, 105, '-', 3705], GOOD, GOOD))).toEqual([0, 5, Number.NaN, Number.NaN, 3705]);
    });
    test('20 years, by whatever tells them', () => {
      const run = read([0, 5, 630_721_658, 630_721_658, 630_721_653], GOOD);
      expect(times(run)).toEqual([0, 5, Number.NaN, Number.NaN, Number.NaN]);
      expect(said(run)).toEqual([
        'trace.txt: line 2: a task cannot have taken 7300 days; complete, duration and realtime of this row are not used',
      ]);
    });
    test('days between the command and the end that was seen of it', () => {
      expect(times(read([0, 5, 259_200, 259_200, 3335], GOOD))).toEqual([0, 5, Number.NaN, Number.NaN, 3335]);
      // In a queue tasks wait for days.
      expect(said(read([0, 259_200, 262_540, 262_540, 3335], GOOD))).toEqual([]);
    });
    test('1970, which other programs write for nothing', () => {
      const run = read([-AT / 1000, -AT / 1000, 3341, 3341, 3335], GOOD);
      expect(times(run)).toEqual([0, Number.NaN, 3341, 3341, 3335]);
      expect(said(run)).toEqual([
        'trace.txt: line 2: submit is before 1973, and no task ran then; this value is not used',
        'trace.txt: line 2: start is before 1973, and no task ran then; this value is not used',
      ]);
    });
    test('a single realtime in seconds', () => {
      const run = read([0, 5, 3341, 3341, 3.335], GOOD, GOOD);
      expect(times(run)).toEqual([0, 5, 3341, 3341, Number.NaN]);
      expect(said(run)).toEqual(['trace.txt: line 2: realtime 3335 is in seconds: for 3336 s the task was held; this value is not used']);
    });
    test('lengths below zero are said as they are', () => {
      const run = read([0, 5, 3341, -0.001, -5], GOOD);
      expect(times(run)).toEqual([0, 5, 3341, 3341, Number.NaN]);
      expect(said(run)).toEqual([
        'trace.txt: line 2: duration -1 is below zero; this value is not used',
        'trace.txt: line 2: realtime -5000 is below zero; this value is not used',
      ]);
    });
  });
  test('duration is what lies between submit and complete: two of them tell the third', () => {
    const read = (columns: string, cells: string): TraceRun => one(table(`name|status|${columns}\nALIGN (a)|COMPLETED|${cells}`));
    for (const run of [
      read('submit|complete', '1680894456000|1680894516000'),
      read('submit|duration', '1680894456000|60000'),
      read('complete|duration', '1680894516000|60000'),
    ])
      expect([run.submitMs[0], run.completeMs[0], run.durationMs[0]]).toEqual([1680894456000, 1680894516000, 60_000]);
    // What the file has no column for is still lacking.
    expect(read('submit|complete', '1680894456000|1680894516000').columns.has('durationMs')).toBe(false);
  });
  test('lengths beside sizes in another unit, which no time of day confirms', () => {
    const text = (more: readonly [string, string]): string =>
      table(`name|status|realtime|memory${more[0]}\nALIGN (a)|COMPLETED|3335.0|8${more[1]}\nALIGN (b)|COMPLETED|1893.0|4${more[1]}`);
    const run = one(text(['', '']));
    expect(run.fields.has('realtimeMs')).toBe(false);
    expect(said(run)[1]).toBe(
      'trace.txt: line 2: realtime 3335 may be no number of milliseconds: memory beside it is no number of bytes; this and 1 more such values are not used',
    );
    expect(one(text(['|start|complete', '|1680894456000|1680894460000'])).fields.has('realtimeMs')).toBe(true);
  });

  test('a column that is there twice, and differs', () => {
    const text = (second: string): string =>
      table(`name|status|realtime|cpus|realtime\nALIGN (a)|COMPLETED|5s|2|5s\nALIGN (b)|COMPLETED|5s|2|${second}`);
    expect([said(one(text('5s'))), [...one(text('5s')).realtimeMs]]).toEqual([[], [5000, 5000]]);
    const run = one(text('6s'));
    expect([...run.realtimeMs]).toEqual([5000, Number.NaN]);
    expect(said(run)).toEqual(['trace.txt: line 3: there are two columns realtime, and they differ; this value is not used']);
  });
  test('a header and no rows', () => {
    const run = one(table(HEADER));
    expect([run.rows, said(run)]).toEqual([0, ['trace.txt: there are no tasks in it; nothing of it is used']]);
  });
  test('lines that end as on old Macs', () => {
    expect(one(table(`${HEADER}\n${ROW('ALIGN (a)')}`).replaceAll('\n', '\r')).rows).toBe(1);
  });
  test('what a value should look like is said with it', () => {
    const run = one(table('name|status|submit|realtime|%cpu|peak_rss\nALIGN (a)|COMPLETED|01.02.2025 10:00|0.17|NaN%|1,234 MB'));
    expect(run.problems.map(({ hint }) => hint?.split(',')[0])).toEqual([
      'Nextflow writes 2025-01-31 10:00:00.000',
      'Nextflow writes 1h 3m 20s',
      'Nextflow writes 97.2% of a core',
      'Nextflow writes 815.2 MB',
    ]);
  });
  test('two traces one behind the other are two runs', () => {
    const text = table(`${HEADER}\n${ROW('ALIGN (a)')}`);
    const runs = readTrace(text + text.replace('ALIGN', 'SORT'), 'trace.txt');
    expect(runs.map((run) => [run.name, ...names(run)])).toEqual([
      ['trace.txt', 'ALIGN a'],
      ['trace.txt (run 2)', 'SORT a'],
    ]);
  });
  describe('tasks of two runs without a header between', () => {
    const rows = (run: string, ids: readonly number[], status = 'COMPLETED'): string[] =>
      ids.map((id) => `${id}|${run}/00000${id}|ALIGN (${run}${id})|${status}`);
    const read = (...some: readonly string[]): TraceRun[] => readTrace(table(`task_id|hash|name|status\n${some.join('\n')}`), 'trace.txt');
    test('one behind the other are two runs, in whatever order tasks ended', () => {
      const runs = read(...rows('a', [2, 1, 3]), ...rows('b', [1, 3, 2, 4]));
      expect(runs.map((run) => [run.name, run.rows])).toEqual([
        ['trace.txt', 3],
        ['trace.txt (run 2)', 4],
      ]);
      expect(runs.flatMap(said)).toEqual([
        'trace.txt (run 2): line 5: here another run begins: task 1 was there already, in another folder (hash)',
      ]);
    });
    test('sorted by their numbers cannot be parted, and that is said', () => {
      const [a, b] = [rows('a', [1, 2, 3]), rows('b', [1, 2, 3])];
      const run = read(...a.flatMap((row, at) => [row, b[at] as string]));
      expect([run.length, run[0]?.rows]).toEqual([1, 6]);
      expect(said(run[0] as TraceRun)).toEqual([
        'trace.txt: tasks of several runs are mixed in it (task 1 is there in several folders): they are read as one run',
      ]);
    });
    test('of which the second resumed the first are one', () => {
      const resumed = [...rows('a', [1, 2], 'CACHED'), ...rows('b', [3, 4])];
      expect(read(...rows('a', [1, 2, 3]), ...resumed).map(({ rows: count }) => count)).toEqual([7]);
      expect(read(...rows('a', [1, 2, 3]), ...[...resumed].reverse()).map(({ rows: count }) => count)).toEqual([7]);
    });
  });

  const none: [string, string, string][] = [
    [
      'samples.csv',
      'sample,fastq\na,b\n',
      'samples.csv: read as Nextflow’s trace, but line 1, “sample,fastq”, has no column name and none called process',
    ],
    ['people.csv', 'name,age\nAda,36\n', 'people.csv: line 1: of the columns of a trace there is only name'],
    ['empty.txt', '\n \n', 'empty.txt: the file is empty'],
    ['page.html', '<!doctype html><html></html>', 'page.html: an HTML page without the data of a run'],
    [
      'multiqc.html',
      '<!doctype html><html><head><title>MultiQC Report</title>',
      'multiqc.html: an HTML page, “MultiQC Report”, without the data of a run',
    ],
    ['params.json', '{"input": "samples.csv"}', 'params.json: JSON without a list of tasks'],
    ['broken.json', '{"tasks": 3,\n "total"; 1}', 'broken.json: line 2: this is no JSON'],
    ['deep.json', '['.repeat(100_000), 'deep.json: task 1: what follows cannot be read'],
    [
      '.nextflow.log',
      'Nov-27 20:52:40.123 [main] DEBUG nextflow.cli.Launcher - x\n',
      '.nextflow.log: a log of Nextflow in which no task is submitted',
    ],
    ['run.bam', 'BC\u0002\0\0\0', 'run.bam: this is no text'],
  ];
  for (const [name, text, message] of none) {
    test(`no trace at all: ${name}`, () => {
      if (name === 'deep.json') expect(said(one(text, name))[0]).toContain(message);
      else {
        expect(() => readTrace(text, name)).toThrow(UnreadableTrace);
        expect(() => readTrace(text, name)).toThrow(message);
      }
    });
  }
});

describe('hostile files', () => {
  const started = (): number => performance.now();
  test('lines without separators, quotes without end and cells without number take no longer than others', () => {
    const before = started();
    expect(one(`name\tstatus\n${'x\n'.repeat(300_000)}`).rows).toBe(0);
    expect(one(`name,status\n${'"x\n'.repeat(100_000)}`).rows).toBe(0);
    expect(one(`name,status\n${',"'.repeat(500_000)}\n`).rows).toBe(0);
    expect(() => readTrace(`${'name\t'.repeat(300_000)}\n`, 'trace.txt')).not.toThrow();
    expect(performance.now() - before).toBeLessThan(20_000);
  });
  test('cut anywhere, a file is read or refused in words', () => {
    const page = `<html><script>window.data = { "trace":[{"name":"ALIGN (a\\'s)","status":"COMPLETED","realtime":"5"}], "summary":[] };</script>`;
    const multi = 'task_id\thash\tname\tstatus\tscript\trealtime\n1\t2c/90928f\tALIGN (a)\tCOMPLETED\tx\n\ty\t5s\n';
    for (const text of [page, multi, 'name,tag,status\n"ALIGN (a,b)","a,b",COMPLETED\n']) {
      for (let end = 0; end < text.length; end += 1) {
        try {
          readTrace(text.slice(0, end), 'trace');
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableTrace);
        }
      }
    }
  });
});
