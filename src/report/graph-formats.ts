/** The process graph for Graphviz and Mermaid, and as JSON. Names come from the repository: nothing of them may be obeyed. */
import { simpleName, workflowPath } from './call-names.ts';
import { withoutImplied } from './implied-edges.ts';
import { graphDocument, jsonText } from './json.ts';
import { printable, printableValue } from './printable.ts';
import { countText } from './quantities.ts';
import type { Activity, Report, ReportCall } from './report.ts';

export type GraphFormat = 'dot' | 'mermaid' | 'json';
export const GRAPH_FORMATS: readonly GraphFormat[] = ['dot', 'mermaid', 'json'];

export interface GraphOptions {
  /** Also calls that the params switch off, and the channels' sources. JSON always has them. */
  readonly all?: boolean;
}

export function renderGraph(report: Report, format: GraphFormat, options: GraphOptions = {}): string {
  if (format === 'json') return jsonText(graphDocument(report));
  const picture = pictureOf(printableValue(report), options.all === true);
  return format === 'dot' ? dotText(picture) : mermaidText(picture);
}

interface PictureEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly barrier: boolean;
  readonly active: Activity;
}
interface Group {
  readonly name: string;
  readonly groups: Group[];
  readonly calls: ReportCall[];
}
interface Picture {
  readonly name: string;
  readonly root: Group;
  readonly sources: readonly { readonly id: string; readonly text: string }[];
  readonly edges: readonly PictureEdge[];
  /** Every id in the picture, with a short name that needs no quoting. */
  readonly keys: ReadonlyMap<string, string>;
}

function pictureOf(report: Report, all: boolean): Picture {
  const calls = report.graph.calls.filter((call) => all || call.active !== false);
  const sources = all ? report.graph.sources : [];
  const keys = new Map<string, string>();
  for (const [index, call] of calls.entries()) keys.set(call.id, `call${index + 1}`);
  for (const [index, source] of sources.entries()) keys.set(source.id, `source${index + 1}`);
  return { name: report.inputs.name, root: groupsOf(calls), sources, edges: edgesOf(report, keys, all), keys };
}

function groupsOf(calls: readonly ReportCall[]): Group {
  const root: Group = { name: '', groups: [], calls: [] };
  for (const call of calls) {
    let group = root;
    for (const name of workflowPath(call.id)
      .split(':')
      .filter((part) => part !== '')) {
      let inner = group.groups.find((candidate) => candidate.name === name);
      if (inner === undefined) {
        inner = { name, groups: [], calls: [] };
        group.groups.push(inner);
      }
      group = inner;
    }
    group.calls.push(call);
  }
  return root;
}

/** One edge for each pair of calls, whatever number of channels joins them. */
function edgesOf(report: Report, keys: ReadonlyMap<string, string>, all: boolean): PictureEdge[] {
  const pairs = new Map<string, { from: string; to: string; labels: Set<string>; barrier: boolean; active: Activity }>();
  for (const { from, to, via, barrier, active } of report.graph.edges) {
    if (!keys.has(from) || !keys.has(to) || (!all && active === false)) continue;
    const key = JSON.stringify([from, to]);
    const pair = pairs.get(key) ?? { from, to, labels: new Set<string>(), barrier: false, active };
    const label = operatorsText(via);
    if (label !== '') pair.labels.add(label);
    pair.barrier ||= barrier;
    if (active === true || (active === 'unknown' && pair.active === false)) pair.active = active;
    pairs.set(key, pair);
  }
  return [...pairs.values()].map(({ from, to, labels, barrier, active }) => {
    const texts = [...labels];
    const label = texts.length <= 2 ? texts.join(', ') : `${texts.slice(0, 2).join(', ')} +${texts.length - 2}`;
    return { from, to, label, barrier, active };
  });
}

/** Operators that pass items on one by one, in order: they would fill every edge and tell nothing about its shape. */
const PLAIN_OPERATORS = new Set(['map', 'set', 'view', 'dump', 'tap']);
const LONGEST_LABEL = 3;

function operatorsText(via: readonly string[]): string {
  const names = via.filter((name, index) => !PLAIN_OPERATORS.has(name) && name !== via[index - 1]).map(printable);
  return names.length <= LONGEST_LABEL ? names.join(' ') : `${names.slice(0, LONGEST_LABEL - 1).join(' ')} … ${names.at(-1)}`;
}

/** Edges from which on Graphviz has to be held back. */
const MANY_EDGES = 250;
/**
 * As it is set, Graphviz looks for the best place of every node until it has found it: minutes with some hundred edges, and
 * then it may fail to lead the curves around the clusters ("Pshortestpath failed"). Bounded rounds and straight lines take
 * seconds. A label on an edge is one node more to be placed: these become tooltips.
 */
const LARGE = ['  nslimit=1;', '  nslimit1=1;', '  mclimit=0.5;', '  splines=line;'];

/** From here on it runs into its limits all the same, and nobody could follow the lines. */
const TOO_MANY_EDGES = 2000;

function dotText({ name, root, sources, edges: all, keys }: Picture): string {
  const large = all.length > MANY_EDGES;
  const edges = all.length > TOO_MANY_EDGES ? withoutImplied(all) : all;
  const lines = [
    `digraph ${quoted(name)} {`,
    '  rankdir=TB;',
    // Else Graphviz ranks each cluster by itself, and gives up ("trouble in init_rank") on workflows that feed each other.
    '  newrank=true;',
    ...(large ? LARGE : []),
    '  node [shape=box, style=rounded, fontname="Helvetica", fontsize=11];',
    '  edge [fontname="Helvetica", fontsize=9, color="#555555"];',
    '  graph [fontname="Helvetica", fontsize=11, color="#999999"];',
  ];
  let cluster = 0;
  const addGroup = (group: Group, indent: string): void => {
    for (const call of group.calls) {
      const style =
        call.active === true ? '' : call.active === false ? ', style="rounded,dashed", fontcolor="#888888"' : ', style="rounded,dashed"';
      lines.push(`${indent}${keys.get(call.id)} [label=${quoted(simpleName(call.id))}, tooltip=${quoted(call.id)}${style}];`);
    }
    for (const inner of group.groups) {
      cluster++;
      lines.push(`${indent}subgraph cluster${cluster} {`, `${indent}  label=${quoted(inner.name)};`);
      addGroup(inner, `${indent}  `);
      lines.push(`${indent}}`);
    }
  };
  addGroup(root, '  ');
  for (const { id, text } of sources) lines.push(`  ${keys.get(id)} [label=${quoted(shortened(text))}, shape=plaintext];`);
  for (const { from, to, label, barrier, active } of edges) {
    const attributes = [
      label === '' ? undefined : `${large ? 'tooltip' : 'label'}=${quoted(label)}`,
      // Bold: nothing comes through before the channel has closed.
      barrier && active === true ? 'style=bold' : undefined,
      active === true ? undefined : barrier ? 'style="dashed,bold"' : 'style=dashed',
    ].filter((attribute) => attribute !== undefined);
    lines.push(`  ${keys.get(from)} -> ${keys.get(to)}${attributes.length === 0 ? '' : ` [${attributes.join(', ')}]`};`);
  }
  if (edges.length < all.length) {
    const left = `${countText(all.length - edges.length)} edges are left out: a longer way says the same. -f json has them all.`;
    lines.push(`  label=${quoted(left)};`);
  }
  return `${lines.join('\n')}\n}\n`;
}

/** In a quoted string Graphviz gives a meaning to `"` and to `\` (`\N`, `\l`), and to `&…;`, and to nothing else. */
function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;')}"`;
}

function mermaidText({ root, sources, edges, keys }: Picture): string {
  const lines = ['flowchart TB'];
  let workflow = 0;
  const dashed: string[] = [];
  const addGroup = (group: Group, indent: string): void => {
    for (const call of group.calls) {
      const key = keys.get(call.id) ?? '';
      lines.push(`${indent}${key}["${entities(simpleName(call.id))}"]`);
      if (call.active !== true) dashed.push(key);
    }
    for (const inner of group.groups) {
      workflow++;
      lines.push(`${indent}subgraph workflow${workflow}["${entities(inner.name)}"]`);
      addGroup(inner, `${indent}  `);
      lines.push(`${indent}end`);
    }
  };
  addGroup(root, '  ');
  for (const { id, text } of sources) lines.push(`  ${keys.get(id)}(["${entities(shortened(text))}"])`);
  for (const { from, to, label, barrier, active } of edges) {
    const arrow = active === true ? (barrier ? '==>' : '-->') : '-.->';
    lines.push(`  ${keys.get(from)} ${arrow}${label === '' ? '' : `|"${entities(label)}"|`} ${keys.get(to)}`);
  }
  if (dashed.length > 0) lines.push('  classDef off stroke-dasharray: 4 3', `  class ${dashed.join(',')} off`);
  return `${lines.join('\n')}\n`;
}

/** Mermaid reads markup, markdown and its own syntax in labels; what is not plainly harmless is written as its `#code;`. */
function entities(text: string): string {
  return text.replace(/[^\p{L}\p{N} _.:,+…-]/gu, (character) => `#${character.codePointAt(0)};`);
}

const LONGEST_SOURCE = 60;

function shortened(text: string): string {
  return text.length <= LONGEST_SOURCE ? text : `${text.slice(0, LONGEST_SOURCE - 1)}…`;
}
