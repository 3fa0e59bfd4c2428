/** What the rules about false links say: the same for each kind but for its words. */
import { placeOfCall } from '../parser/graph/channels.ts';
import type { ProcessCall } from '../parser/graph/process-graph.ts';
import type { Confidence } from './finding.ts';
import { asDeclared, type FalseLink, type Grade, type LinkKind } from './passes/needs/false-link.ts';
import { byPlace } from './places.ts';
import type { FoundHere, RuleContext } from './rule.ts';
import { counted, listOf, shortNames } from './words.ts';

const CONFIDENCE: Readonly<Record<Grade, Confidence>> = { proven: 'high', conditional: 'high', likely: 'medium', advisory: 'low' };

export function* falseLinkFindings(context: RuleContext, kinds: readonly LinkKind[]): Iterable<FoundHere> {
  const effective = new Set(context.parallelism.effectiveLinks);
  const all = context.graph.calls.filter((call) => call.active !== false).flatMap((call) => context.needs.linksInto(call));
  const links = all.filter((link) => kinds.includes(link.kind) && (effective.has(link) || link.kind === 'unread-input'));
  for (const same of byPlace(links, placeOf)) for (const part of byInput(same)) yield findingOf(context, part, effective);
}

/** The call's own line: the input is where the process is defined, which may be used elsewhere with good reason. */
function placeOf(link: FalseLink): FalseLink['place'] {
  return link.kind === 'unread-input' ? link.place : (placeOfCall(link.to) ?? link.place);
}

/** What one call is given by several inputs are several things to mend. */
function byInput(links: readonly FalseLink[]): Iterable<readonly FalseLink[]> {
  const parts = new Map<string, FalseLink[]>();
  for (const link of links) {
    const key = `${link.kind} ${link.input?.declared.start}`;
    const part = parts.get(key);
    if (part === undefined) parts.set(key, [link]);
    else part.push(link);
  }
  return parts.values();
}

/** Calls by their short names, and whether the verb behind is that of one. */
interface Subject {
  readonly text: string;
  readonly one: boolean;
}

function subjectOf(calls: readonly ProcessCall[]): Subject {
  const names = shortNames(calls.map(({ id }) => id));
  return { text: listOf(names), one: names.length === 1 };
}

function findingOf(context: RuleContext, links: readonly FalseLink[], effective: ReadonlySet<FalseLink>): FoundHere {
  const [first] = links as readonly [FalseLink, ...FalseLink[]];
  const froms = [...new Set(links.map(({ from }) => from))];
  const tos = [...new Set(links.map(({ to }) => to))];
  const [from, to] = [subjectOf(froms), subjectOf(tos)];
  const free = links.some((link) => effective.has(link));
  const set = context.parallelism.sets.find((one) => one.links.some((link) => links.includes(link)));
  return {
    message: messageOf(first, from, to),
    reason: `${evidenceOf(links, from, to)}${gainOf(from, to, free, set?.calls ?? [])}${assumptionOf(links, to)}`,
    advice: `${adviceOf(first, from)}${LEAVES_OUT.has(first.kind) && tos.some((call) => deletesInputs(context, call)) ? `; ${to.text} ${to.one ? 'deletes' : 'delete'} what ${to.one ? 'it is' : 'they are'} given: such a clean-up still has to wait for all that read it` : ''}`,
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
    change: { kind: 'links-gone', links },
  };
}

/** What is to be taken out there is an input. */
const LEAVES_OUT: ReadonlySet<LinkKind> = new Set(['unread-input', 'token', 'barrier']);

/** `rm $bam`, `rm $(readlink -f $bam)`. */
function deletesInputs({ scripts }: RuleContext, call: ProcessCall): boolean {
  const { steps, inputs } = scripts.of(call);
  const names = inputs.flatMap(({ qualifier, name }) => (qualifier === 'path' && name !== '' ? [name] : []));
  if (names.length === 0) return false;
  const given = new RegExp(`[$!]\\{?(${names.join('|')})\\b`);
  return steps.some(
    ({ commands, range }) => commands.some(({ name }) => /^(rm|unlink|shred)$/.test(name ?? '')) && given.test(range.file.slice(range)),
  );
}

function inputsOf({ input, others }: FalseLink): Subject {
  const names = input === undefined ? [] : [...new Set([input, ...others].map((use) => (use.name === '' ? asDeclared(use) : use.name)))];
  return { text: listOf(names), one: names.length <= 1 };
}

function messageOf(link: FalseLink, from: Subject, to: Subject): string {
  const { kind } = link;
  const inputs = inputsOf(link);
  const waits = `${to.text} ${to.one ? 'waits' : 'wait'} for`;
  switch (kind) {
    case 'unread-input':
      return `${waits} ${from.text} because of ${to.one ? 'its' : 'their'} ${inputs.one ? 'input' : 'inputs'} ${inputs.text}, which ${to.one ? 'it never opens' : 'they never open'}`;
    case 'token':
    case 'barrier':
      return `${waits} ${from.text} and ${to.one ? 'gets' : 'get'} nothing of ${from.one ? 'it' : 'them'}`;
    case 'over-wide-directory':
      return `${waits} a folder that ${from.text} ${from.one ? 'makes' : 'make'}, and ${to.one ? 'opens' : 'open'} only a copy in it of what was there before`;
    case 'pass-through':
      return `${to.text} ${to.one ? 'takes' : 'take'} ${takenOf(inputs)} from ${from.text}, which only ${from.one ? 'hands' : 'hand'} ${inputs.one ? 'it' : 'them'} on`;
  }
}

function takenOf({ text }: Subject): string {
  return text === '' ? 'a file' : text;
}

function evidenceOf(links: readonly FalseLink[], from: Subject, to: Subject): string {
  if (links[0]?.kind === 'barrier' && !from.one)
    return `nothing that ${from.text} make is in what ${to.text} ${to.one ? 'is' : 'are'} given`;
  return [...new Set(links.map(({ evidence }) => evidence))].slice(0, 2).join('; ');
}

function gainOf(from: Subject, to: Subject, free: boolean, set: readonly ProcessCall[]): string {
  if (!free) return `; ${to.text} ${to.one ? 'waits' : 'wait'} for ${from.text} by another way too`;
  const names = shortNames(set.map(({ id }) => id));
  if (names.length > 2) return `; without such links ${counted(set.length, 'call')} could run side by side: ${listOf(names, 4)}`;
  return `; ${to.text} could run beside ${from.text}`;
}

function assumptionOf(links: readonly FalseLink[], to: Subject): string {
  const [one, ...others] = new Set(links.flatMap(({ assumption }) => assumption ?? []));
  if (one === undefined) return '';
  return `; this holds as long as ${others.length === 0 ? one : `none of them leaves anything for ${to.text} outside of channels`}`;
}

function adviceOf(link: FalseLink, all: Subject): string {
  const { kind, instead, from, to, under } = link;
  const inputs = inputsOf(link);
  const named = `${inputs.one ? 'input' : 'inputs'} ${inputs.text}`;
  const source =
    instead.length === 0 ? `where ${from.name} itself gets ${inputs.one ? 'it' : 'them'}` : listOf(shortNames(instead.map(({ id }) => id)));
  switch (kind) {
    case 'unread-input':
      return `take the ${named} out of ${to.process.name.name}`;
    case 'token':
      return `take the ${named} out of ${to.process.name.name}; if ${to.name} reads a file of ${from.name} by its path, pass that file instead`;
    case 'barrier':
      return `give ${to.name} the channel as it is before it is combined with what ${all.text} ${all.one ? 'makes' : 'make'}`;
    case 'over-wide-directory':
      return `give ${to.name} the file itself, from ${source}`;
    case 'pass-through':
      return `let ${to.name} take ${takenOf(inputs)} from ${source}${under === undefined ? '' : `, and stage it under the same name (stageAs) where that matters`}`;
  }
}
