/** Places that a finding points at besides its own. */
import { placeOfCall } from '../parser/graph/channels.ts';
import type { ProcessCall } from '../parser/graph/process-graph.ts';
import type { SourceRange } from '../source/source-file.ts';
import type { RelatedPlace } from './finding.ts';

/** Where calls are made, each place once: a subworkflow that is used twice has its lines once. */
export function placesOfCalls(calls: readonly ProcessCall[], say: (name: string) => string): RelatedPlace[] {
  const told = new Set<string>();
  return calls.flatMap((call) => {
    const place = placeOfCall(call);
    const key = `${place?.file.path} ${place?.start}`;
    if (place === undefined || told.has(key)) return [];
    told.add(key);
    return [{ message: say(call.name), place }];
  });
}

/** Groups things by the text that they stand at, in order: what is found in each use of a subworkflow is one finding. */
export function byPlace<T>(
  all: readonly T[],
  placeOf: (one: T) => { readonly file: { readonly path: string }; readonly start: number },
): readonly (readonly T[])[] {
  const places = new Map<string, T[]>();
  for (const one of all) {
    const { file, start } = placeOf(one);
    const key = `${file.path} ${start}`;
    const same = places.get(key);
    if (same === undefined) places.set(key, [one]);
    else same.push(one);
  }
  return [...places.values()];
}

/** The called name at a site, where it stands first; else the whole call. */
export function calledName(call: ProcessCall, site: SourceRange): SourceRange {
  const behind = site.file.text[site.start + call.name.length] ?? '';
  return site.file.text.startsWith(call.name, site.start) && !/\w/.test(behind) ? { ...site, end: site.start + call.name.length } : site;
}

/** The name in a process's definition: what is wrong with its tasks stands there, whoever calls it and whatever sets it. */
export function nameOf({ process: { name }, script: { file } }: ProcessCall): SourceRange {
  return { file, start: name.start, end: name.end };
}
