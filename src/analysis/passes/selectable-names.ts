/** What a process selector of the config can match (language.md 8.4). */

import { ListValue } from '../../parser/evaluate/value.ts';
import { methodName, positionalArguments, someNode } from '../../parser/graph/expressions.ts';
import type { ProcessGraph } from '../../parser/graph/process-graph.ts';
import { folderOf } from '../../parser/pipeline/file-tree.ts';
import { resolveInclude } from '../../parser/pipeline/include.ts';
import type { Pipeline, ScriptFile } from '../../parser/pipeline/pipeline.ts';
import { ScriptStore } from '../../parser/pipeline/script-store.ts';
import type { Statement } from '../../parser/syntax/nodes.ts';

export interface ProcessNames {
  /** Everything that `withName` can match: names of definitions, aliases, ids of calls. */
  readonly known: readonly string[];
  /** Names and aliases of definitions. */
  readonly simple: readonly string[];
  /** Of calls, active or not. */
  readonly ids: readonly string[];
  /** Names that are included from scripts which could not be read: processes or workflows. */
  readonly unread: readonly string[];
  readonly workflows: ReadonlySet<string>;
  /** Workflows that no call lies in. */
  readonly notEntered: ReadonlySet<string>;
}

export function processNames({ pipeline, calls }: ProcessGraph): ProcessNames {
  const simple = new Set<string>();
  const workflows = new Set<string>();
  for (const script of pipeline.scripts.values()) {
    for (const name of script.processes.keys()) simple.add(name);
    for (const name of script.workflows.keys()) if (name !== '') workflows.add(name);
  }
  for (const call of calls) simple.add(call.name).add(call.process.name.name);

  const unread = new Set<string>();
  const unresolved = new Set(pipeline.unresolvedIncludes.map(({ place }) => `${place.file.path} ${place.start}`));
  for (const script of pipeline.scripts.values()) {
    for (const include of script.includes) {
      // The place may be that of the include or of its path.
      const lost = unresolved.has(`${script.file.path} ${include.start}`) || unresolved.has(`${script.file.path} ${include.source.start}`);
      for (const { name, alias } of include.entries ?? []) {
        const names = alias === null ? [name.name] : [name.name, alias.name];
        if (lost) for (const each of names) unread.add(each);
        else if (simple.has(name.name)) for (const each of names) simple.add(each);
        else if (workflows.has(name.name)) for (const each of names) workflows.add(each);
      }
    }
  }
  const ids = calls.map((call) => call.id);
  const entered = new Set(ids.flatMap((id) => id.split(':').slice(0, -1)));
  return {
    known: [...new Set([...simple, ...ids])],
    simple: [...simple],
    ids,
    unread: [...unread],
    workflows: new Set([...workflows].filter((name) => !simple.has(name))),
    notEntered: new Set([...workflows].filter((name) => !entered.has(name))),
  };
}

/** What processes are called that other scripts of the root declare or include, and their labels: `nextflow run build-index.nf` has the same config. */
export interface NamesElsewhere {
  /** As `withName` has them, without paths. */
  readonly names: readonly string[];
  readonly labels: readonly string[];
}

export function namesElsewhere({ tree, scripts }: Pipeline): NamesElsewhere {
  const names = new Set<string>();
  const labels = new Set<string>();
  const store = new ScriptStore(tree);
  const isEntry = ({ workflows, processes, dsl1 }: ScriptFile): boolean => workflows.has('') || (dsl1 && processes.size > 0);
  const paths = tree.list('').filter((path) => path.endsWith('.nf') && !scripts.has(path));
  const waiting = paths.flatMap((path) => store.script(path) ?? []).filter(isEntry);
  const seen = new Set(waiting);
  for (let script = waiting.pop(); script !== undefined && seen.size <= MOST_SCRIPTS; script = waiting.pop()) {
    for (const [name, { directives }] of script.processes) {
      names.add(name);
      for (const label of labelsIn(directives)) if (label !== undefined) labels.add(label);
    }
    for (const { source, entries } of script.includes) {
      for (const { name, alias } of entries ?? []) names.add(alias?.name ?? name.name);
      const written = source.kind === 'ConstantExpression' ? String(source.value) : '';
      const { path } = resolveInclude(tree, folderOf(script.file.path), written);
      const next = path === undefined ? undefined : store.script(path);
      if (next === undefined || seen.has(next)) continue;
      seen.add(next);
      waiting.push(next);
    }
  }
  return { names: [...names], labels: [...labels] };
}

const MOST_SCRIPTS = 2000;

export interface LabelNames {
  /** A process without a label is matched as if it had the label '' */
  readonly known: readonly string[];
  /** True when a label is only known in a run. */
  readonly open: boolean;
}

export function labelNames({ pipeline }: ProcessGraph): LabelNames {
  const known = new Set<string>();
  let open = false;
  for (const script of pipeline.scripts.values()) {
    for (const definition of script.processes.values()) {
      const labels = labelsIn(definition.directives);
      for (const written of labels) {
        if (written === undefined) open = true;
        else known.add(written);
      }
      if (labels.length === 0) known.add('');
    }
  }
  // Labels may be given by the config too; whether they count for selectors is not worth a wrong finding.
  for (const entry of [
    pipeline.config.process.get('label'),
    ...pipeline.config.selectors.map((selector) => selector.settings.get('label')),
  ]) {
    if (entry === undefined) continue;
    const values = entry.value instanceof ListValue ? entry.value.items : [entry.value];
    for (const value of values) {
      if (typeof value === 'string') known.add(value);
      else open = true;
    }
  }
  return { known: [...known], open };
}

/** undefined for a label that is not a plain string. Labels may stand under an `if`. */
export function labelsIn(directives: readonly Statement[]): (string | undefined)[] {
  const labels: (string | undefined)[] = [];
  someNode(directives, (node) => {
    if (node.kind === 'MethodCallExpression' && node.object === null && methodName(node) === 'label') {
      for (const argument of positionalArguments(node)) {
        labels.push(argument.kind === 'ConstantExpression' && typeof argument.value === 'string' ? argument.value : undefined);
      }
    } else if (node.kind === 'AssignmentExpression' && node.target.kind === 'VariableExpression' && node.target.name === 'label') {
      labels.push(undefined);
    }
    return false;
  });
  return labels;
}
