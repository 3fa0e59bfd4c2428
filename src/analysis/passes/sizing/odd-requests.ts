/** Requests that ask for nothing, or for what cannot be: what Nextflow makes of them (TaskConfig and MemoryUnit of Nextflow 25). */
import type { ProcessCall, ProcessGraph } from '../../../parser/graph/process-graph.ts';
import type { DirectiveSetting } from '../../../parser/pipeline/pipeline.ts';
import type { SourceRange } from '../../../source/source-file.ts';

export interface OddRequest {
  readonly message: string;
  readonly hint: string;
  readonly place: SourceRange;
}

/** As people write numbers that are none to ask for: `0`, `'0'`, `0.GB`, `-8.GB`, `'-2 h'`. */
const ZERO = /^['"]?0+([.\s]?[a-zA-Z]+)?['"]?$/;
const BELOW = /^['"]?-\s*\d/;

/** Of calls that run; each setting once, however many calls it holds for. */
export function oddRequests(graph: ProcessGraph): OddRequest[] {
  const found = new Map<DirectiveSetting['place'], { setting: DirectiveSetting; calls: ProcessCall[] }>();
  for (const call of graph.calls) {
    if (call.active === false) continue;
    for (const name of ['cpus', 'memory', 'time', 'disk']) {
      const setting = graph.directivesOf(call).get(name);
      if (setting === undefined || (!ZERO.test(setting.text.trim()) && !BELOW.test(setting.text.trim()))) continue;
      const same = found.get(setting.place);
      if (same === undefined) found.set(setting.place, { setting, calls: [call] });
      else same.calls.push(call);
    }
  }
  return [...found.values()].map(({ setting: { name, text, place }, calls }) => {
    const [first, ...others] = calls.map((call) => call.name);
    const who = `${first}${others.length > 0 ? ` and ${others.length} more` : ''}`;
    return BELOW.test(text.trim())
      ? {
          message: `${who}: ${name} ${text} is below zero, and Nextflow ends a run for it; no ${name} is gone by`,
          hint: 'ask for what a task needs',
          place,
        }
      : {
          message: `${who}: ${name} ${text} asks for nothing${name === 'cpus' ? '; Nextflow gives one cpu, which is gone by' : ''}`,
          hint: name === 'cpus' ? 'cpus 1 says the same' : 'leave it out where nothing is to be asked for',
          place,
        };
  });
}
