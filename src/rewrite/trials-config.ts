/** What a sizing experiment says tasks should ask for, as a config to paste; each call by its full name. */
import { memoryText } from '../analysis/amounts.ts';
import { ladderClosure } from '../analysis/passes/sizing/ladder-text.ts';
import { rungOf } from '../analysis/passes/sizing/memory-ladder.ts';
import type { TrialsResult } from '../analysis/passes/sizing/trials.ts';
import { counted } from '../analysis/words.ts';
import type { ProcessCall, ProcessGraph } from '../parser/graph/process-graph.ts';
import type { Pipeline } from '../parser/pipeline/pipeline.ts';
import {
  alsoReached,
  type ConfigBlock,
  groovyText,
  patternFor,
  processScope,
  retriesFor,
  type SizedDirective,
} from './right-sized-config.ts';

export interface TrialsConfig {
  readonly text: string;
  readonly blocks: readonly ConfigBlock[];
}

/** The cheapest setting of each call; the fastest stands beside it in a comment. Empty where nothing came through. */
export function trialsConfig(pipeline: Pipeline, graph: ProcessGraph, results: ReadonlyMap<ProcessCall, TrialsResult>): TrialsConfig {
  const blocks = [...results].flatMap(([call, { cheapest, fastest, ladder, settings }]): ConfigBlock[] => {
    if (cheapest === undefined || alsoReached(graph, call) !== undefined) return [];
    const directives: SizedDirective[] = [{ name: 'cpus', text: String(cheapest.cpus), byAttempt: [cheapest.cpus] }];
    let attempts = 1;
    if (ladder !== undefined) {
      attempts = ladder.length + 1;
      directives.push({
        name: 'memory',
        text: ladderClosure(ladder),
        byAttempt: Array.from({ length: attempts }, (_, at) => rungOf(ladder, at)),
      });
    }
    if (cheapest.queue !== '' && new Set(settings.map(({ queue }) => queue)).size > 1)
      directives.push({ name: 'queue', text: groovyText(cheapest.queue) });
    const faster =
      fastest === undefined || fastest.cpus === cheapest.cpus
        ? ''
        : `; fastest: ${counted(fastest.cpus, 'cpu')}${Number.isNaN(fastest.memory) ? '' : `, ${memoryText(fastest.memory)}`}`;
    return [
      {
        call,
        pattern: patternFor(pipeline, call.id),
        directives: [...directives, ...retriesFor(graph, call, attempts)],
        because: `${cheapest.tried ? 'the cheapest of what was tried' : 'the cheapest by the law of what was tried, itself not tried'}${faster}`,
      },
    ];
  });
  return { text: blocks.length === 0 ? '' : [...processScope(blocks), ''].join('\n'), blocks };
}
