/**
 * What a mutation has to know of a pipeline's text: its processes with their inputs, outputs and scripts, the calls of them in workflows,
 * and who comes after whom. Texts and ranges are from our parser, the order from the graph; no rule is asked.
 */
import type { Argument, Expression, MethodCallExpression, ProcessNode, Statement, WorkflowNode } from '../../src/parser/syntax/nodes.ts';
import { parse } from '../../src/parser/syntax/parser.ts';
import { walk } from '../../src/parser/syntax/walk.ts';
import type { Report, ReportCall } from '../../src/report/report.ts';
import { SourceFile, type TextRange } from '../../src/source/source-file.ts';
import type { Files } from './edits.ts';

/** One thing that an input or output holds: `val(meta)`, `path('*.bam')`. */
export interface Slot extends TextRange {
  /** `val`, `path`, `env`, … */
  readonly qualifier: string;
  /** The variable that it binds or names; absent for a string. */
  readonly variable?: string;
  /** The first argument as written. */
  readonly text: string;
  /** It has named arguments, such as `stageAs`. */
  readonly plain: boolean;
}

/** One line of an input or output section. */
export interface ChannelSource extends TextRange {
  readonly tuple: boolean;
  readonly slots: readonly Slot[];
  readonly emit?: string;
}

export interface ProcessSource {
  readonly name: string;
  readonly path: string;
  readonly node: ProcessNode;
  readonly inputs: readonly ChannelSource[];
  readonly outputs: readonly ChannelSource[];
  /** What stands between the triple quotes, when the script ends in such a string. */
  readonly script?: TextRange & { readonly text: string };
  readonly text: string;
}

export interface CallSource extends TextRange {
  /** As written: the alias, when there is one. */
  readonly name: string;
  /** Of the graph: several when the workflow around it is called several times. */
  readonly ids: readonly string[];
  readonly process: ProcessSource;
  readonly path: string;
  readonly workflow: WorkflowNode;
  readonly arguments: readonly Argument[];
  /** The statement that it is, or is part of. */
  readonly statement: TextRange;
  /** It stands in the workflow's body itself, not in a condition or closure. */
  readonly unconditional: boolean;
}

/** A method call in a workflow: an operator or factory. */
export interface OperatorSource extends TextRange {
  readonly node: MethodCallExpression;
  readonly name: string;
  readonly path: string;
  readonly workflow: WorkflowNode;
  readonly statement: TextRange;
}

export interface IncludeSource extends TextRange {
  readonly path: string;
  readonly name: string;
  readonly alias?: string;
  readonly source: string;
}

export class SourceModel {
  readonly files: Files;
  readonly report: Report;
  readonly processes: ProcessSource[] = [];
  readonly calls: CallSource[] = [];
  readonly operators: OperatorSource[] = [];
  readonly includes: IncludeSource[] = [];
  readonly callsById: ReadonlyMap<string, ReportCall>;
  readonly #after = new Map<string, Set<string>>();

  constructor(files: Files, report: Report) {
    this.files = files;
    this.report = report;
    this.callsById = new Map(report.graph.calls.map((call) => [call.id, call]));
    // Only what the entry script reaches: a module that nobody includes is no site.
    const read = report.inputs.files.map(({ path }) => path).filter((path) => path.endsWith('.nf') && files[path] !== undefined);
    const trees = read.map((path) => ({ path, text: files[path]!, tree: parse(new SourceFile(path, files[path]!), 'script').tree }));
    for (const { path, text, tree } of trees) {
      for (const statement of tree.statements) {
        if (statement.kind === 'ProcessNode') this.processes.push(processSource(path, text, statement));
        if (statement.kind === 'IncludeNode') {
          const source = statement.source.kind === 'ConstantExpression' ? String(statement.source.value) : '';
          for (const { name, alias } of statement.entries ?? [])
            this.includes.push({
              path,
              name: name.name,
              ...(alias === null ? {} : { alias: alias.name }),
              source,
              start: statement.start,
              end: statement.end,
            });
        }
      }
    }
    for (const { path, text, tree } of trees) {
      const file = new SourceFile(path, text);
      for (const statement of tree.statements) if (statement.kind === 'WorkflowNode') this.#readWorkflow(path, file, statement);
    }
    for (const { from, to } of report.graph.edges) {
      if (!this.callsById.has(from)) continue;
      const known = this.#after.get(from) ?? new Set();
      known.add(to);
      this.#after.set(from, known);
    }
  }

  textOf(path: string, range: TextRange): string {
    return (this.files[path] ?? '').slice(range.start, range.end);
  }

  /** Whether something of `later` depends, over any number of edges, on something of `earlier`. */
  reaches(earlier: CallSource, later: CallSource): boolean {
    const wanted = new Set(later.ids);
    const open = [...earlier.ids];
    const seen = new Set(open);
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      for (const next of this.#after.get(id) ?? []) {
        if (wanted.has(next)) return true;
        if (!seen.has(next)) {
          seen.add(next);
          open.push(next);
        }
      }
    }
    return false;
  }

  /** Neither comes after the other. */
  unordered(one: CallSource, two: CallSource): boolean {
    return !this.reaches(one, two) && !this.reaches(two, one);
  }

  /** The call is the only one of its process, so that the process can be changed for it. */
  isOnlyCall(call: CallSource): boolean {
    return (
      this.report.graph.calls.filter(({ definition, process }) => process === call.process.name && definition.path === call.process.path)
        .length === 1
    );
  }

  runs(call: CallSource): boolean {
    return call.ids.some((id) => this.callsById.get(id)?.active !== false);
  }

  cpus(call: CallSource): number | undefined {
    const value = this.callsById.get(call.ids[0] ?? '')?.directives.cpus?.value;
    return typeof value === 'number' ? value : undefined;
  }

  /** `X.out.name` or `X.out`, X a call of the same workflow: the call and the line of its outputs that is meant. */
  outputOf(expression: Expression, workflow: WorkflowNode): { readonly call: CallSource; readonly output: ChannelSource } | undefined {
    if (expression.kind !== 'PropertyExpression' || 'kind' in expression.property) return undefined;
    const { object, property } = expression;
    const [owner, emit] =
      object.kind === 'PropertyExpression' && !('kind' in object.property) && object.property.name === 'out'
        ? [object.object, property.name]
        : property.name === 'out'
          ? [object, undefined]
          : [undefined, undefined];
    if (owner?.kind !== 'VariableExpression') return undefined;
    const call = this.calls.find((one) => one.workflow === workflow && one.name === owner.name);
    const outputs = call?.process.outputs ?? [];
    const output = emit === undefined ? (outputs.length === 1 ? outputs[0] : undefined) : outputs.find((one) => one.emit === emit);
    return call === undefined || output === undefined ? undefined : { call, output };
  }

  #readWorkflow(path: string, file: SourceFile, workflow: WorkflowNode): void {
    const bodies = [...workflow.main, ...workflow.emits];
    const read = (statement: Statement, unconditional: boolean): void => {
      if (statement.kind === 'IfStatement') {
        for (const branch of [statement.thenBranch, statement.elseBranch])
          if (branch !== null) for (const inner of branch.kind === 'BlockStatement' ? branch.statements : [branch]) read(inner, false);
        return;
      }
      walk(statement, (node) => {
        if (node.kind !== 'MethodCallExpression' || 'kind' in node.method) return;
        const name = node.method.name;
        if (node.object !== null || name === 'groupKey' || name === 'file') {
          this.operators.push({ node, name, path, workflow, statement, start: node.start, end: node.end });
          return;
        }
        const { line, column } = file.positionAt(node.start);
        const found = this.report.graph.calls.filter(({ sites }) =>
          sites.some((site) => site.path === path && site.line === line && site.column === column),
        );
        const process = found[0] && this.processes.find((one) => one.name === found[0]!.process && one.path === found[0]!.definition.path);
        if (process === undefined) return;
        this.calls.push({
          name,
          ids: found.map(({ id }) => id),
          process,
          path,
          workflow,
          arguments: node.arguments,
          statement,
          unconditional,
          start: node.start,
          end: node.end,
        });
      });
    };
    for (const statement of bodies) read(statement, true);
  }
}

function processSource(path: string, text: string, node: ProcessNode): ProcessSource {
  const channels = (statements: readonly Statement[]) => statements.flatMap((statement) => channelSource(text, statement) ?? []);
  const last = node.script?.section === 'script' ? node.script.statements.at(-1) : undefined;
  const string = last?.kind === 'ExpressionStatement' ? last.expression : undefined;
  const quoted = string !== undefined && (string.kind === 'GStringExpression' || string.kind === 'ConstantExpression');
  const script =
    quoted && text.startsWith('"""', string.start)
      ? { start: string.start + 3, end: string.end - 3, text: text.slice(string.start + 3, string.end - 3) }
      : undefined;
  return {
    name: node.name.name,
    path,
    node,
    inputs: channels(node.inputs),
    outputs: channels(node.outputs),
    ...(script === undefined ? {} : { script }),
    text: text.slice(node.start, node.end),
  };
}

function channelSource(text: string, statement: Statement): ChannelSource | undefined {
  const expression = statement.kind === 'ExpressionStatement' ? statement.expression : undefined;
  if (expression?.kind !== 'MethodCallExpression' || 'kind' in expression.method) return undefined;
  const tuple = expression.method.name === 'tuple';
  const emit = expression.arguments.find(({ key }) => key !== null && text.slice(key.start, key.end) === 'emit')?.value;
  const slots = (tuple ? expression.arguments.filter(({ key }) => key === null).map(({ value }) => value) : [expression]).flatMap((one) =>
    one.kind === 'MethodCallExpression' && !('kind' in one.method) ? slotSource(text, one, one.method.name) : [],
  );
  return {
    tuple,
    slots,
    ...(emit === undefined ? {} : { emit: text.slice(emit.start, emit.end).replaceAll(/['"]/g, '') }),
    start: statement.start,
    end: statement.end,
  };
}

function slotSource(text: string, call: MethodCallExpression, qualifier: string): Slot[] {
  const first = call.arguments.find(({ key }) => key === null)?.value;
  if (first === undefined) return [];
  return [
    {
      qualifier,
      ...(first.kind === 'VariableExpression' ? { variable: first.name } : {}),
      text: text.slice(first.start, first.end),
      plain: call.arguments.every(({ key }) => key === null || ['emit', 'optional', 'topic'].includes(text.slice(key.start, key.end))),
      start: call.start,
      end: call.end,
    },
  ];
}
