/** Which calls run elsewhere than the rest: patterns of `--route`, as selectors of a config would choose processes. */
import type { ProcessCall, ProcessGraph } from '../../../parser/graph/process-graph.ts';
import { compileSelector } from '../../../parser/pipeline/selector-match.ts';
import { nearest } from '../../../source/nearest.ts';
import { type Route, UnknownPlatform } from '../../simulate/platforms/choice.ts';
import { labelNames, labelsIn, processNames } from '../selectable-names.ts';

export interface RoutedCalls {
  /** By its number in the routes: of several that match a call the last, as in a config. */
  readonly routeOf: ReadonlyMap<ProcessCall, number>;
  /** Those that match no call that runs. */
  readonly idle: readonly { readonly route: Route; readonly hint?: string }[];
}

/** @param runs whether a call has tasks @throws UnknownPlatform where a pattern cannot be read */
export function routedCalls(graph: ProcessGraph, routes: readonly Route[], runs: (call: ProcessCall) => boolean): RoutedCalls {
  const routeOf = new Map<ProcessCall, number>();
  const idle: { route: Route; hint?: string }[] = [];
  for (const [number, route] of routes.entries()) {
    const matches = matcherOf(route.calls);
    const calls = graph.calls.filter(matches);
    for (const call of calls) routeOf.set(call, number);
    if (calls.some(runs)) continue;
    if (calls.length > 0) {
      idle.push({ route, hint: `with these params no task of ${[...new Set(calls.map(({ name }) => name))].join(', ')} runs` });
      continue;
    }
    const [near] = nearest(route.calls, [
      ...processNames(graph).simple,
      ...labelNames(graph).known.flatMap((label) => (label === '' ? [] : [`withLabel:${label}`])),
    ]);
    idle.push({ route, ...(near !== undefined && { hint: `did you mean ${near}?` }) });
  }
  return { routeOf, idle };
}

/** `A|B|withLabel:gpu`: what stands before the first `with…:` is of names; each goes as far as the next. */
function matcherOf(text: string): (call: ProcessCall) => boolean {
  const choices = text.split(/\|(?=with(?:Name|Label)\s*:)/).map((choice) => {
    const [, kind = 'withName', target = choice] = /^\s*(withName|withLabel)\s*:\s*(.*)$/s.exec(choice) ?? [];
    const negated = target.startsWith('!');
    const pattern = compileSelector((negated ? target.slice(1) : target).trim());
    if (pattern.alternatives === undefined)
      throw new UnknownPlatform(
        `--route ${text}: ${target} is no pattern that can be read`,
        'patterns are those of selectors: CELLPOSE, CELL.* for names that begin so, .* for all, withLabel:gpu for a label',
      );
    return { kind, negated, pattern };
  });
  return (call) =>
    choices.some(({ kind, negated, pattern }) => {
      const words = kind === 'withName' ? [call.process.name.name, call.name, call.id] : labelsOf(call);
      return words.some((word) => pattern.matches(word) === true) !== negated;
    });
}

/** A process without a label is matched as if it had the label '' */
function labelsOf({ process }: ProcessCall): string[] {
  const labels = labelsIn(process.directives);
  return labels.length === 0 ? [''] : labels.filter((label) => label !== undefined);
}
