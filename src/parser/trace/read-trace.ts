/** What a user has of a run, told apart by what is in it: a table, a page of Nextflow's, a list of tasks, its log. */
import { readList, readPage } from './read-data.ts';
import { isLog, readLog } from './read-log.ts';
import { readTable } from './read-table.ts';
import { type TraceRun, UnreadableTrace } from './trace-run.ts';

/**
 * The runs in a file: more than one where traces stand one behind the other. `name` is for people, and in each message.
 * @throws UnreadableTrace
 */
export function readTrace(given: string, name: string): TraceRun[] {
  // Lines that end as on old Macs.
  const text = given.includes('\n') ? given : given.replaceAll('\r', '\n');
  const start = /^\ufeff?\s*/.exec(text)?.[0].length ?? 0;
  const first = text.charAt(start);
  if (first === '<') return readPage(text, name);
  if (first === '{' || first === '[') return readList(text, start, name);
  if (isLog(text, start)) return [readLog(text, name)];
  if (text.slice(0, 1000).includes('\0'))
    throw new UnreadableTrace(
      `${name}: this is no text`,
      'give the trace (trace.txt) or the report (report.html) of a run; of what is packed gzip alone is unpacked',
    );
  return readTable(text.replace(/^\ufeff/, ''), name);
}
