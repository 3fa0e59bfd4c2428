/** What the rules about false links say: the same for each kind but for its words. */
import { placeOfCall } from '../parser/graph/channels.ts';
import type { ProcessCall } from '../parser/graph/process-graph.ts';
import type { Confidence } from './finding.ts';
import type { FalseLink, Grade, LinkKind } from './passes/needs.ts';
import { byPlace } from './places.ts';
import type { FoundHere, RuleContext } from './rule.ts';
import { counted, listOf, shortNames } from './words.ts';

const CONFIDENCE: Readonly<Record<Grade, Confidence>> = { proven: 'high', conditional: 'high', likely: 'medium', advisory: 'low' };

export function* falseLinkFindings(context: RuleContext, kinds: readonly LinkKind[]): Iterable<FoundHere> {
  const effective = new Set(context.parallelism.effectiveLinks);
  const all = context.graph.calls.filter((call) => call.active !== false).flatMap((call) => context.needs.linksInto(call));
  const links = all.filter((link) => kinds.includes(link.kind) && (effective.has(link) || link.kind === 'unread-input'));
  for (const same of byPlace(links, placeOf)) yield findingOf(context, same, effective);
}

/** The call's own line: the input is where the process is defined, which may be used elsewhere with good reason. */
function placeOf(link: FalseLink): FalseLink['place'] {
  return link.kind === 'unread-input' ? link.place : (placeOfCall(link.to) ?? link.place);
}

function findingOf(context: RuleContext, links: readonly FalseLink[], effective: ReadonlySet<FalseLink>): FoundHere {
  const [first] = links as readonly [FalseLink, ...FalseLink[]];
  const froms = [...new Set(links.map(({ from }) => from))];
  const tos = [...new Set(links.map(({ to }) => to))];
  const free = links.some((link) => effective.has(link));
  const set = context.parallelism.sets.find((one) => one.links.some((link) => links.includes(link)));
  const gain = gainOf(first, tos, free, set?.calls ?? []);
  const evidence = [...new Set(links.map((link) => link.evidence))];
  const assumption = first.assumption === undefined ? '' : `; this holds as long as ${first.assumption}`;
  return {
    message: messageOf(first, froms, tos),
    reason: `${evidence.slice(0, 2).join('; ')}${gain}${assumption}`,
    advice: adviceOf(first),
    severity: free ? 'warning' : 'info',
    confidence: CONFIDENCE[first.grade],
    place: placeOf(first),
    related: [
      ...(first.kind === 'unread-input' || first.input === undefined
        ? []
        : [{ message: 'this input brings the wait', place: first.place }]),
      ...froms.flatMap((call) => {
        const place = placeOfCall(call);
        return place === undefined ? [] : [{ message: `${call.name} is waited for`, place }];
      }),
    ],
    calls: [...froms, ...tos].map(({ id }) => id),
  };
}

function messageOf({ kind, input }: FalseLink, froms: readonly ProcessCall[], tos: readonly ProcessCall[]): string {
  const from = listOf(shortNames(froms.map(({ id }) => id)));
  const to = listOf(shortNames(tos.map(({ id }) => id)));
  switch (kind) {
    case 'unread-input':
      return `${to} ${tos.length === 1 ? 'waits' : 'wait'} for ${from} because of ${tos.length === 1 ? 'its' : 'their'} input ${input?.name}, which ${tos.length === 1 ? 'it never opens' : 'they never open'}`;
    case 'token':
    case 'barrier':
      return `${to} ${tos.length === 1 ? 'waits' : 'wait'} for ${from} and ${tos.length === 1 ? 'gets' : 'get'} nothing of it`;
    case 'over-wide-directory':
      return `${to} ${tos.length === 1 ? 'waits' : 'wait'} for a folder that ${from} ${froms.length === 1 ? 'makes' : 'make'}, and ${tos.length === 1 ? 'opens' : 'open'} only a copy in it of what was there before`;
    case 'pass-through':
      return `${to} ${tos.length === 1 ? 'takes' : 'take'} ${input?.name ?? 'a file'} from ${from}, which only ${froms.length === 1 ? 'hands' : 'hand'} it on`;
  }
}

function gainOf(link: FalseLink, tos: readonly ProcessCall[], free: boolean, set: readonly ProcessCall[]): string {
  const name = listOf(shortNames(tos.map(({ id }) => id)));
  if (!free) return `; ${name} waits for ${link.from.name} by another way too`;
  if (set.length > 2)
    return `; without such links ${counted(set.length, 'call')} could run side by side: ${listOf(shortNames(set.map(({ id }) => id)), 4)}`;
  return `; ${name} could run beside ${link.from.name}`;
}

function adviceOf({ kind, input, instead, from, to }: FalseLink): string {
  const source = instead.length === 0 ? `where ${from.name} itself gets it` : listOf(shortNames(instead.map(({ id }) => id)));
  switch (kind) {
    case 'unread-input':
      return `take the input ${input?.name} out of ${to.process.name.name}`;
    case 'token':
      return `take the input ${input?.name} out of ${to.process.name.name}; if ${to.name} reads a file of ${from.name} by its path, pass that file instead`;
    case 'barrier':
      return `give ${to.name} the channel as it is before it is combined with what ${from.name} makes`;
    case 'over-wide-directory':
      return `give ${to.name} the file itself, from ${source}`;
    case 'pass-through':
      return `let ${to.name} take ${input?.name ?? 'the file'} from ${source}`;
  }
}
