/** What each operator makes of what flows into it (language.md 6.2; algorithms.md A3). */

import { normalizeBlanks } from '../../../source/source-file.ts';
import {
  BuiltinValue,
  type CallArguments,
  ClosureValue,
  isUnknown,
  ListValue,
  MapValue,
  OptionalValue,
  type Truth,
  truthOf,
  type Value,
} from '../../evaluate/value.ts';
import type { Expression, Statement } from '../../syntax/nodes.ts';
import { kindOf } from '../channel-graph.ts';
import { OPEN_CHANNEL } from '../dsl1.ts';
import { resultOf } from '../expressions.ts';
import type { ChannelNode, ChannelRef, OperatorNode, ProcessCall } from '../process-graph.ts';
import { type ChannelModel, partOf, shapeOf } from './channel-model.ts';
import {
  allOf,
  anyOf,
  limited,
  NO_CALLS,
  NOT_OPTIONAL,
  NOTHING,
  oneOf,
  perhaps,
  retied,
  tiedTo,
  union,
  unionOf,
  worst,
} from './dependences.ts';
import { closureOf, type Dimension, determines, type Index, idsOf } from './dimensions.ts';
import {
  copyOf,
  type ElementKind,
  GatheredValue,
  GIVEN,
  GroupKeyValue,
  gatheredIn,
  generalOf,
  ItemValue,
  isSize,
  type KeyFacts,
  keyFactsOf,
  lostItsSize,
  Mark,
  marksOf,
  originOf,
  remarked,
  settled,
} from './item-value.ts';
import type { Dependences, Exactness, Flow, Selection, Summand } from './shapes.ts';
import { sheetOfSplit } from './sheets.ts';

interface Step {
  readonly model: ChannelModel;
  readonly node: OperatorNode;
  readonly port: string | number | undefined;
  readonly source: Flow;
  readonly others: readonly Flow[];
  /** The first closure, or function, that was given. */
  readonly code: Value | undefined;
}

/** Operators that hold every kind of items against every other. */
const PAIRS: ReadonlySet<string> = new Set(['join', 'cross', 'combine', 'merge']);
const MOST_PAIRS = 4096;

export function operatorFlow(model: ChannelModel, node: OperatorNode, port: string | number | undefined): Flow {
  const given = node.inputs.map((ref) => model.flowOf(ref));
  const pairs = PAIRS.has(node.name) ? given.reduce((product, { summands }) => product * Math.max(1, summands.length), 1) : 0;
  const flows = pairs <= MOST_PAIRS ? given : given.map((flow, at) => model.capped(flow, node, Math.sqrt(MOST_PAIRS), `side${at}`));
  const [source] = flows;
  const kind = kindOf({ node, port });
  // The first item ends it.
  const closes: ReadonlySet<ProcessCall> = node.name === 'first' ? NO_CALLS : new Set(flows.flatMap((flow) => [...flow.closes]));
  const opaque = flows.find((flow) => flow.opaque !== undefined)?.opaque;
  if (source === undefined)
    return { kind, summands: [], closes, opaque: node.name === OPEN_CHANNEL ? 'nothing writes to it' : 'it has no source' };
  const code = node.args.positional.find((value) => value instanceof ClosureValue || value instanceof BuiltinValue);
  const step: Step = { model, node, port, source, others: flows.slice(1), code };
  const transfer = Object.hasOwn(TRANSFERS, node.name) ? (TRANSFERS[node.name] as (step: Step) => readonly Summand[]) : undefined;
  if (transfer === undefined)
    return { kind, summands: unknownOperator(step), closes, opaque: opaque ?? `what ${node.name} does is not known` };
  return { kind, summands: transfer(step), closes, opaque };
}

const same = ({ source }: Step): readonly Summand[] => source.summands;

const TRANSFERS: Readonly<Record<string, (step: Step) => readonly Summand[]>> = {
  map: mapped,
  flatMap: (step) =>
    step.source.summands.flatMap((summand) =>
      several(step, summand, step.code === undefined ? summand.item : evaluated(step, step.code, summand.item)),
    ),
  flatten: (step) => step.source.summands.flatMap((summand) => flattened(step, summand)),
  filter: filtered,
  branch: branched,
  // DSL1: each item goes into one of several channels.
  choice: (step) => step.source.summands.map(fewer),
  multiMap: multiMapped,
  fork: multiMapped,
  view: same,
  dump: same,
  tap: same,
  set: same,
  into: same,
  toInteger: same,
  toLong: same,
  toFloat: same,
  toDouble: same,
  unique: distinct,
  distinct: withoutRepeats,
  first: (step) => someOf(step, 1),
  take: (step) => someOf(step, plainNumber(step.node.args)),
  randomSample: (step) => held(step, someOf(step, plainNumber(step.node.args))),
  until: (step) => step.source.summands.map(fewer),
  collect: (step) => gathered(step, true),
  toList: (step) => gathered(step, false),
  toSortedList: (step) => gathered(step, false),
  last: reduced,
  reduce: reduced,
  count: reduced,
  countBy: reduced,
  sum: reduced,
  mean: reduced,
  min: reduced,
  max: reduced,
  countLines: reduced,
  countFasta: reduced,
  countFastq: reduced,
  countJson: reduced,
  collectFile: collectedInFiles,
  buffer: batched,
  collate: batched,
  groupTuple: grouped,
  groupBy: grouped,
  transpose: transposed,
  join: joined,
  phase: joined,
  combine: combined,
  spread: combined,
  cross: crossed,
  mix: ({ model, source, others }) => mixed(model, [source, ...others]),
  [OPEN_CHANNEL]: ({ model, source, others }) => mixed(model, [source, ...others]),
  // A list that holds channels, or one channel of several by a condition.
  expression: ({ model, source, others }) => model.oneOf([source, ...others]),
  concat: concatenated,
  merge: merged,
  ifEmpty: withDefault,
  splitCsv: (step) => split(step, 'rows'),
  splitText: (step) => split(step, 'lines'),
  splitFasta: (step) => split(step, 'sequences'),
  splitFastq: (step) => split(step, 'chunks'),
  splitJson: (step) => split(step, 'entries'),
};

// -------------------------------------------------------------------------------------------------- code

/** What code makes of an item. What cannot be told gets a mark of its own: it is another for each item. */
function evaluated(
  { model, node, port }: Step,
  code: Value,
  item: Value,
  part: string | number = '',
  change: (value: Value) => Value = (value) => value,
): Value {
  const made = model.graph.code.aside((interpreter) => {
    const given = [copyOf(item)];
    if (code instanceof ClosureValue) return interpreter.callClosure(code, given);
    return node.frame === undefined
      ? item
      : interpreter.callValue(code, { positional: given, named: null }, interpreter.site(node.place, node.frame));
  });
  const value = change(made);
  const index = [...marksOf(item)].flatMap((mark) => mark.index);
  return settled(value, `op${node.index}${port ?? ''}${part}`, [...new Set(index)], originOf([item]));
}

function withItem(summand: Summand, item: Value): Summand {
  return { ...summand, item };
}

function fewer(summand: Summand): Summand {
  return summand.fewer ? summand : { ...summand, fewer: true };
}

function selected(summand: Summand, selection: Selection): Summand {
  return { ...summand, selections: [...summand.selections, selection] };
}

function mapped(step: Step): readonly Summand[] {
  const { code } = step;
  if (code === undefined) return step.source.summands;
  return step.source.summands.flatMap((summand) => {
    // Groovy's null drops the item.
    const item = evaluated(step, code, summand.item);
    if (!(item instanceof OptionalValue)) return kept(summand, item);
    const matched = untangled(step, summand);
    if (matched === undefined) return [paired(step, withItem(summand, item.value)) ?? withItem(fewer(summand), item.value)];
    const own = evaluated(step, code, matched.item);
    return own === null ? [] : [withItem(matched, own instanceof OptionalValue ? own.value : own)];
  });
}

/** null is no item. */
function kept(summand: Summand, item: Value): readonly Summand[] {
  if (item === null) return [];
  return [item instanceof OptionalValue ? withItem(fewer(summand), item.value) : withItem(summand, item)];
}

function filtered(step: Step): readonly Summand[] {
  const { code } = step;
  let counterpart: Complement | null | undefined;
  return step.source.summands.flatMap((summand) => {
    const matched = untangled(step, summand);
    if (matched !== undefined) return [matched];
    const truth: Truth = code === undefined ? 'unknown' : truthOf(evaluated(step, code, summand.item));
    if (truth === false) return [];
    if (truth === true) return [summand];
    const other = counterpart ?? complementOf(step);
    counterpart = other;
    if (other === null) return [paired(step, summand) ?? fewer(summand)];
    return [selected(summand, { node: other.first, label: other.label, of: 2, exhaustive: true })];
  });
}

/** Whether a filter lets some items go on and others not, as far as can be told. */
export function dropsSome(model: ChannelModel, node: OperatorNode): boolean {
  const [ref] = node.inputs;
  const source = ref === undefined ? undefined : model.flowOf(ref);
  const code = node.args.positional.find((value) => value instanceof ClosureValue);
  if (source === undefined || code === undefined) return false;
  const step: Step = { model, node, port: undefined, source, others: [], code };
  if (complementOf(step) !== null) return false;
  return source.summands.some(
    (summand) => untangled(step, summand) === undefined && truthOf(evaluated(step, code, summand.item)) === 'unknown',
  );
}

/** `filter { a }` and `filter { !a }` of one channel share its items out. */
interface Complement {
  readonly first: OperatorNode;
  readonly label: string;
}

function complementOf({ model, node }: Step): Complement | null {
  const mine = conditionText(node);
  const [input] = node.inputs;
  if (mine === undefined || input === undefined) return null;
  for (const other of model.filtersOf(input)) {
    if (other === node || other.inputs[0]?.port !== input.port) continue;
    const text = conditionText(other);
    if (text === undefined || (text !== negated(mine) && negated(text) !== mine)) continue;
    return { first: other.index < node.index ? other : node, label: mine };
  }
  return null;
}

/** What a filter asks, with its parameter called `it`. */
function conditionText(node: OperatorNode): string | undefined {
  const code = node.args.positional.find((value) => value instanceof ClosureValue);
  const result = code === undefined ? undefined : resultOf(code.node);
  if (code === undefined || result === undefined || code.node.body.length !== 1) return undefined;
  const text = normalizeBlanks(code.frame.file.slice(result));
  const [only] = code.node.parameters ?? [];
  return code.node.parameters?.length === 1 && only !== undefined
    ? text.replaceAll(new RegExp(`\\b${only.name.name}\\b`, 'g'), 'it')
    : text;
}

function negated(text: string): string {
  if (/^!\s*[\w.[\]]+(\([^()]*\))?$/.test(text)) return text.replace(/^!\s*/, '');
  if (/^!\s*\([^()]*\)$/.test(text)) return text.replace(/^!\s*\(/, '').slice(0, -1);
  for (const [one, other] of [
    ['==', '!='],
    ['!=', '=='],
    ['<=', '>'],
    ['>=', '<'],
  ] as const)
    if (text.split(one).length === 2) return text.replace(one, other);
  return /^[\w.[\]]+(\([^()]*\))?$/.test(text) ? `!${text}` : `!(${text})`;
}

interface Label {
  readonly name: string;
  /** The statement behind the label: a condition, or the item. */
  readonly first: Statement;
  readonly rest: readonly Statement[];
}

/** The statements before the first label, and each label with what follows it. */
function labelled(closure: ClosureValue): { before: readonly Statement[]; labels: readonly Label[] } {
  const before: Statement[] = [];
  const labels: { name: string; first: Statement; rest: Statement[] }[] = [];
  for (const statement of closure.node.body) {
    if (statement.kind === 'LabeledStatement') {
      let inner: Statement = statement.statement;
      labels.push({ name: statement.label.name, first: inner, rest: [] });
      // `a: b: e` gives one item to two labels.
      while (inner.kind === 'LabeledStatement') {
        const { label } = inner;
        inner = inner.statement;
        labels.push({ name: label.name, first: inner, rest: [] });
      }
      const last = labels.at(-1) as { first: Statement };
      for (const one of labels) if (one.first.kind === 'LabeledStatement') one.first = last.first;
    } else if (labels.length === 0) before.push(statement);
    else (labels.at(-1) as { rest: Statement[] }).rest.push(statement);
  }
  return { before, labels };
}

function withBody(closure: ClosureValue, body: readonly Statement[]): ClosureValue {
  return new ClosureValue({ ...closure.node, body }, closure.frame, closure.delegate);
}

function branched(step: Step): readonly Summand[] {
  const { code, node, port } = step;
  if (!(code instanceof ClosureValue)) return step.source.summands.map((summand) => fewer(summand));
  const { before, labels } = labelled(code);
  const at = labels.findIndex(({ name }) => name === port);
  const label = labels[at];
  if (label === undefined) return [];
  // A last label that takes all makes them share the items out.
  const exhaustive = ((): boolean => {
    const last = labels.at(-1)?.first;
    return last?.kind === 'ExpressionStatement' && last.expression.kind === 'ConstantExpression' && last.expression.value === true;
  })();
  return step.source.summands.flatMap((summand) => {
    let open = false;
    for (const [number, { first }] of labels.slice(0, at + 1).entries()) {
      const truth = truthOf(evaluated(step, withBody(code, [...before, first]), summand.item, `if${number}`));
      if (number < at && truth === true) return [];
      if (number === at && truth === false) return [];
      if (truth === 'unknown') open = true;
    }
    const item = label.rest.length === 0 ? summand.item : evaluated(step, withBody(code, [...before, ...label.rest]), summand.item);
    const made = withItem(summand, item);
    if (!open) return [made];
    // Where no other label is open, it is a filter.
    const others = labels.some(
      ({ first }, number) =>
        number !== at && truthOf(evaluated(step, withBody(code, [...before, first]), summand.item, `if${number}`)) !== false,
    );
    return [others ? selected(made, { node, label: String(port), of: labels.length, exhaustive }) : fewer(made)];
  });
}

function multiMapped(step: Step): readonly Summand[] {
  const { code, port } = step;
  if (!(code instanceof ClosureValue)) return step.source.summands;
  const { before, labels } = labelled(code);
  const label = labels.find(({ name }) => name === port);
  if (label === undefined) return step.source.summands;
  const last = label.rest.at(-1) ?? label.first;
  return step.source.summands.map((summand) => {
    const item = evaluated(step, withBody(code, [...before, label.first, ...label.rest]), summand.item, '', (value) =>
      label.rest.length === 0 ? sharedParts(step, before, last, value, summand.item) : value,
    );
    return withItem(summand, item);
  });
}

/** Variables that are set before the first label are the same for all labels, also where nothing is known of them. */
function sharedParts({ node }: Step, before: readonly Statement[], last: Statement, value: Value, item: Value): Value {
  const expression = last.kind === 'ExpressionStatement' ? last.expression : undefined;
  const names = expression?.kind === 'ListExpression' ? expression.elements : expression === undefined ? [] : [expression];
  const set = new Set(
    before.flatMap((statement) => (statement.kind === 'DeclarationStatement' ? statement.declarations.map(({ name }) => name.name) : [])),
  );
  const index = [...new Set([...marksOf(item)].flatMap((mark) => mark.index))];
  const shared = (part: Value, name: Expression | undefined): Value =>
    name?.kind === 'VariableExpression' && set.has(name.name)
      ? settled(part, `op${node.index}$${name.name}`, index, originOf([item]))
      : part;
  if (expression?.kind !== 'ListExpression') return shared(value, expression);
  if (!(value instanceof ListValue) || value.open || value.items.length !== names.length) return value;
  return new ListValue(value.items.map((part, at) => shared(part, names[at])));
}

// -------------------------------------------------------------------------------------------------- one to many

/** A list becomes its elements. */
function several(step: Step, summand: Summand, list: Value): readonly Summand[] {
  const { model, node } = step;
  if (list instanceof OptionalValue) return several(step, fewer(summand), list.value);
  if (list === null) return [];
  if (list instanceof GatheredValue && isRestorable(list)) return restored(step, summand, list);
  if (list instanceof ListValue && !list.open) {
    if (list.items.length === 0) return [];
    if (list.items.length === 1) return [withItem(summand, list.items[0] as Value)];
    const over = model.dimensions.element(node, summand.index, 'parts', list.items.length);
    const index = model.dimensions.reduced([...summand.index, over]);
    return [{ ...summand, index, item: generalOf(list.items, new Mark(`op${node.index}`, index, '', false, false, originOf([list]))) }];
  }
  if (isUnknown(list) || list instanceof MapValue || list instanceof ListValue) {
    const over = model.dimensions.element(node, summand.index, partsName(step));
    for (const { id } of marksOf(list)) over.elementsOf.add(id);
    const index = model.dimensions.reduced([...summand.index, over]);
    const item = list instanceof GatheredValue ? list.element : ItemValue.of(`op${node.index}`, index, '', false, false, originOf([list]));
    return [{ ...summand, index, item }];
  }
  return [withItem(summand, list)];
}

function partsName({ node }: Step): string {
  return node.name === 'flatten' || node.name === 'transpose' ? 'files' : 'parts';
}

/** Each element of what was gathered is again what it was: one for each of the dimensions gathered over. */
function restored(
  step: Step,
  summand: Summand,
  list: GatheredValue,
  itemOf = (kind: ElementKind, _at: number): Value => kind.item,
): readonly Summand[] {
  const { dimensions } = step.model;
  const group = list.mark.index;
  return kindsOf(list).map((kind, at) => {
    // Beside what came of the same items it is each of them with each.
    const tangled = dimensions.tangled(summand.index, kind.index, group);
    // Who knows an element knows its group.
    const each = tangled.length === 0 && group.every((one) => dimensions.implies(kind.index, one));
    const whole = { ...summand, ...kind, item: itemOf(kind, at) };
    const { index, item, data } = tangled.length === 0 ? whole : renamed(step, whole, tangled);
    const before = tiedTo(list.data, group, dimensions);
    const own = new Map(
      [...summand.data].map(([call, dependence]) => {
        const gathered = before.get(call);
        const same = gathered?.tied.size === dependence.tied.size && [...gathered.tied].every((one) => dependence.tied.has(one));
        return [call, same ? (data.get(call) ?? dependence) : dependence];
      }),
    );
    return {
      ...summand,
      index: dimensions.reduced([...summand.index, ...index]),
      fewer: summand.fewer || kind.fewer,
      unsure: summand.unsure || kind.unsure,
      exactness: worst([summand, kind, { exactness: each ? 'exact' : 'at most' }]),
      item,
      data: own,
    };
  });
}

function kindsOf(list: GatheredValue): readonly ElementKind[] {
  const { kinds, element, over, data, mark } = list;
  if (kinds.length > 0) return kinds;
  return [{ item: element, index: [...mark.index, ...over], fewer: false, exactness: 'exact', unsure: false, data }];
}

/** What a list is made of; nothing to tell where it has one of each. */
function elementKinds(summands: readonly Summand[], itemOf: (summand: Summand) => Value): readonly ElementKind[] {
  const kinds = summands.map((summand): ElementKind => {
    const { index, fewer: dropped, selections, exactness, unsure, data } = summand;
    return { item: itemOf(summand), index, fewer: dropped || selections.length > 0, exactness, unsure, data };
  });
  const whole = kinds.length === 1 && kinds.every((kind) => !kind.fewer && kind.exactness === 'exact' && !kind.unsure);
  return whole ? [] : kinds;
}

function isRestorable({ over, kinds }: GatheredValue): boolean {
  return over.length > 0 || kinds.length > 0;
}

function flattened(step: Step, summand: Summand): readonly Summand[] {
  const { item } = summand;
  if (item instanceof GatheredValue && isRestorable(item)) return restored(step, summand, item).flatMap((one) => flattened(step, one));
  return flattenedParts(step, summand);
}

function flattenedParts(step: Step, summand: Summand): readonly Summand[] {
  const { item } = summand;
  if (item instanceof ListValue && !item.open) {
    const leaves: Value[] = [];
    const add = (value: Value, depth: number): void => {
      if (value instanceof ListValue && depth < 6) for (const one of value.items) add(one, depth + 1);
      else leaves.push(value);
    };
    add(item, 0);
    const lists = leaves.filter((leaf) => leaf instanceof GatheredValue && isRestorable(leaf));
    const others = leaves.filter((leaf) => !lists.includes(leaf));
    return [
      ...lists.flatMap((list) => flattened(step, withItem(summand, list))),
      ...(others.length === 0 ? [] : several(step, summand, new ListValue(others))),
    ];
  }
  if (item instanceof ItemValue) {
    // One file is one file; a pattern may have matched more.
    return item.mark.identifies && !item.mark.several ? [summand] : several(step, summand, item);
  }
  return isUnknown(item) ? several(step, summand, item) : [summand];
}

function transposed(step: Step): readonly Summand[] {
  return step.source.summands.flatMap((summand) => {
    const { item } = summand;
    if (!(item instanceof ListValue)) return isUnknown(item) ? several(step, summand, item) : [summand];
    const gatheredParts = item.items.filter((part): part is GatheredValue => part instanceof GatheredValue);
    const [first] = gatheredParts;
    if (first !== undefined) {
      const kinds = kindsOf(first);
      const whole = (_: ElementKind, at: number): Value =>
        new ListValue(
          item.items.map((part) => {
            if (!(part instanceof GatheredValue)) return part;
            const mine = kindsOf(part);
            return mine.length === kinds.length ? (mine[at] as ElementKind).item : part.element;
          }),
        );
      // The shortest list ends it.
      const alike = gatheredParts.every((part) => idsOf(part.over) === idsOf(first.over) && part.kinds.length === first.kinds.length);
      return restored(step, alike ? summand : limited(summand, 'at most'), first, whole);
    }
    const lists = item.items.filter(
      (part) =>
        part instanceof ListValue ||
        (part instanceof ItemValue ? !isSize(part) && (part.mark.several || !part.mark.identifies) : isUnknown(part)),
    );
    const written = lists.filter((part): part is ListValue => part instanceof ListValue && !part.open);
    if (lists.length === 0) return [summand];
    const length = written[0]?.items.length;
    if (length === 0) return [];
    if (length === 1)
      return [withItem(summand, new ListValue(item.items.map((part) => (part instanceof ListValue ? (part.items[0] as Value) : part))))];
    const over = step.model.dimensions.element(step.node, summand.index, partsName(step), length);
    const index = step.model.dimensions.reduced([...summand.index, over]);
    const keys = keyIndices(step.node, [0]);
    for (const part of lists) if (part instanceof ItemValue) over.elementsOf.add(part.mark.id);
    const parts = item.items.map((part, at) =>
      keys.includes(at) || !lists.includes(part)
        ? part
        : ItemValue.of(`op${step.node.index}.${at}`, index, '', true, false, originOf([part])),
    );
    return [{ ...summand, index, item: new ListValue(parts) }];
  });
}

function split(step: Step, name: string): readonly Summand[] {
  const { model, node } = step;
  return step.source.summands.map((summand) => {
    const over = model.dimensions.element(node, summand.index, splitName(step, name));
    const index = model.dimensions.reduced([...summand.index, over]);
    const { item } = summand;
    if (name === 'rows' && over.within.length === 0 && !model.sheets.has(over)) model.sheets.set(over, sheetOfSplit(node, over, item));
    const record = ItemValue.of(`op${node.index}`, index, '', false, false, originOf([item]));
    // In a tuple the file is replaced by its records, the rest stays.
    if (!(item instanceof ListValue)) return { ...summand, index, item: record };
    const elem = node.args.named?.get('elem');
    const at =
      typeof elem === 'number'
        ? elem
        : Math.max(
            item.items.findIndex((part) => part instanceof ItemValue && part.mark.identifies),
            item.items.length - 1,
          );
    return { ...summand, index, item: new ListValue(item.items.map((part, number) => (number === at ? record : part))) };
  });
}

const LISTS_SAMPLES = /input|reads|csv|sample|sheet|manifest|design/i;

/** The rows of the file that lists the samples are the samples. */
function splitName({ node }: Step, name: string): string {
  if (name !== 'rows') return name;
  let at: ChannelRef | undefined = node.inputs[0];
  for (let depth = 0; at !== undefined && depth < 50; depth += 1) {
    const above: ChannelNode = at.node;
    if (above.type === 'source') return LISTS_SAMPLES.test(/\bparams\.(\w+)/.exec(above.text)?.[1] ?? above.text) ? 'samples' : name;
    // A process that checks the sheet and gives it on.
    if (above.type === 'call') {
      if (/sheet|input|sample|design/i.test(above.call.name)) return 'samples';
      at = above.call.inputs[0]?.channels[0];
    } else if (above.type === 'operator') at = above.inputs[0];
    else at = above.type === 'alternatives' ? above.inputs.find((input) => input.active !== false)?.ref : undefined;
  }
  return name;
}

// -------------------------------------------------------------------------------------------------- many to one

/** What an operator that waits for its source to close lets go: it waits for all tasks that feed the source. */
function heldBack({ source, node }: Step, summand: Summand): Summand {
  return { ...summand, waits: union(summand.waits, allOf(source.closes, node)) };
}

function held(step: Step, summands: readonly Summand[]): readonly Summand[] {
  return summands.map((summand) => heldBack(step, summand));
}

function gatheredOver({ model }: Step, summands: readonly Summand[]): Index {
  return model.dimensions.reduced(summands.flatMap(({ index }) => index));
}

function allSelections(summands: readonly Summand[]): boolean {
  return summands.every(({ unsure }) => unsure);
}

function gathered(step: Step, flattens: boolean): readonly Summand[] {
  const { model, node, source, code } = step;
  const { summands } = source;
  if (summands.length === 0)
    return flattens
      ? []
      : [
          heldBack(step, {
            index: [],
            selections: [],
            // Of nothing `collect` makes nothing; the others make an empty list.
            fewer: flattens && summands.every((summand) => summand.fewer || summand.selections.length > 0),
            exactness: 'exact',
            optional: NOT_OPTIONAL,
            unsure: false,
            item: new ListValue([]),
            data: NOTHING,
            waits: NOTHING,
          }),
        ];
  const over = gatheredOver(step, summands);
  const data = unionOf(summands.map((summand) => summand.data));
  const waits = unionOf(summands.map((summand) => summand.waits));
  // The parts of a tuple come into the list each by itself.
  const opens = flattens && node.args.named?.get('flat') !== false;
  const elements = summands.flatMap((summand) => {
    const item = code === undefined || !flattens ? summand.item : evaluated(step, code, summand.item);
    return (opens && item instanceof ListValue && !item.open ? item.items : [item]).map((part) => withItem(summand, part));
  });
  const items = elements.map(({ item }) => item);
  const origin = originOf(items);
  const isPlain = over.length === 0 && items.every((one) => !isUnknown(one) || one instanceof ItemValue);
  const [first] = items;
  const item: Value =
    // One or a few: a plain list.
    isPlain || first === undefined
      ? new ListValue(items)
      : new GatheredValue(
          items.length === 1 ? first : generalOf(items, new Mark(`op${node.index}.element`, over, '', false, false, origin)),
          over,
          new Mark(`op${node.index}`, [], '', true, false, origin),
          data,
          elementKinds(elements, (element) => element.item),
        );
  return [
    heldBack(step, {
      index: [],
      selections: [],
      // Of nothing `collect` makes nothing; the others make an empty list.
      fewer: flattens && summands.every((summand) => summand.fewer || summand.selections.length > 0),
      exactness: 'exact',
      optional: NOT_OPTIONAL,
      unsure: allSelections(summands),
      item,
      data: tiedTo(data, [], model.dimensions),
      waits: tiedTo(waits, [], model.dimensions, node),
    }),
  ];
}

function reduced(step: Step): readonly Summand[] {
  const { model, node, source } = step;
  if (source.summands.length === 0 && !/^(count|toList)/.test(node.name)) return [];
  const data = tiedTo(unionOf(source.summands.map((summand) => summand.data)), [], model.dimensions);
  const waits = tiedTo(unionOf(source.summands.map((summand) => summand.waits)), [], model.dimensions, node);
  return [
    heldBack(step, {
      index: [],
      selections: [],
      fewer: false,
      exactness: 'exact',
      optional: NOT_OPTIONAL,
      unsure: source.summands.length > 0 && allSelections(source.summands),
      item: ItemValue.of(`op${node.index}`, [], '', true, false, originOf(source.summands.map(({ item }) => item))),
      data,
      waits,
    }),
  ];
}

/** Of what is as many as follows from these: no surer than they are. */
function tallied(summands: readonly Summand[]): Exactness {
  const dropped = summands.some((summand) => summand.fewer || summand.unsure || summand.selections.length > 0);
  return worst([...summands, { exactness: dropped ? 'at most' : 'exact' }]);
}

/** The first so many: which ones is not told. */
function someOf(step: Step, most: number | undefined): readonly Summand[] {
  const { model, node, source } = step;
  const { summands } = source;
  const [first] = summands;
  if (first === undefined || most === 0) return [];
  if (summands.length === 1 && first.index.length === 0) return summands;
  const plain = summands.find(
    (summand) => summand.index.length === 0 && summand.selections.length === 0 && !summand.unsure && !summand.fewer,
  );
  const sure = plain ?? first;
  const index: Index =
    most === 1 || (most === undefined && node.name === 'first')
      ? []
      : [
          model.dimensions.derived(node, [model.countOf(summands)], `first ${most ?? 'items'}`, ([count]) =>
            Math.min(most ?? Number.POSITIVE_INFINITY, count ?? 0),
          ),
        ];
  // Whatever it is, it is of what they are all made of.
  const all = generalOf(
    summands.map((summand) => summand.item),
    new Mark(`op${node.index}.any`, index, '', false, false, originOf(summands.map((summand) => summand.item))),
  );
  const item =
    summands.length === 1 || plain !== undefined
      ? sure.index.length === 0
        ? sure.item
        : likened(sure.item, node, index)
      : likened(all, node, index);
  const data = oneOf(summands.map((summand) => summand.data));
  const waits = model.waitsOfOne(summands);
  const exactness = index.length === 0 ? 'exact' : tallied(summands);
  return [{ index, selections: [], fewer: false, exactness, optional: NOT_OPTIONAL, unsure: allSelections(summands), item, data, waits }];
}

/** Of the same shape, with parts of its own. */
function likened(item: Value, node: OperatorNode, index: Index): Value {
  return new GatheredValue(item, [], new Mark(`op${node.index}`, index, '', true), NOTHING).part(0);
}

function batched(step: Step): readonly Summand[] {
  const { model, node, source } = step;
  const { summands } = source;
  if (summands.length === 0) return [];
  const size = plainNumber(node.args) ?? number(node.args.named?.get('size'));
  const whole = regrouped(step, size);
  if (whole !== undefined) return [whole];
  const step_ = typeof node.args.positional[1] === 'number' ? node.args.positional[1] : size;
  const keepsRest = node.name === 'collate' ? node.args.positional.at(-1) !== false : node.args.named?.get('remainder') === true;
  const count = model.countOf(summands);
  const over = gatheredOver(step, summands);
  const batches =
    size === undefined
      ? model.dimensions.element(node, [], 'batches')
      : model.dimensions.derived(node, [count], `batches of ${size}`, ([items = 0]) =>
          keepsRest ? Math.ceil(items / (step_ || 1)) : Math.floor((items - size) / (step_ || 1)) + 1,
        );
  const index: Index = over.length === 0 && summands.length === 1 ? [] : [batches];
  const data = unionOf(summands.map((summand) => summand.data));
  const item = new GatheredValue(
    generalOf(
      summands.map((summand) => summand.item),
      new Mark(`op${node.index}.element`, over, '', false, false, originOf(summands.map(({ item: one }) => one))),
    ),
    over,
    new Mark(`op${node.index}`, index, '', true, false, originOf(summands.map(({ item: one }) => one))),
    data,
    // Not one of each, but so many as there is room for.
    elementKinds(summands.map(fewer), ({ item: one }) => one),
  );
  const waits = model.waitsOfOne(summands);
  return [
    {
      index,
      selections: [],
      fewer: false,
      exactness: tallied(summands),
      optional: NOT_OPTIONAL,
      unsure: allSelections(summands),
      item,
      data: oneOf(summands.map((summand) => summand.data)),
      // What is left over waits for the end.
      waits: keepsRest ? union(waits, perhaps(model.upstreamOf(source.closes))) : waits,
    },
  ];
}

/** `.flatten().collate(2)` of pairs: what was taken apart is put together again. */
function regrouped({ model, node, source }: Step, size: number | undefined): Summand | undefined {
  const [summand] = source.summands;
  if (source.summands.length !== 1 || summand === undefined || size === undefined) return undefined;
  const parts = summand.index.find((dimension) => dimension.atom.known === size && dimension.origin === node.inputs[0]?.node);
  if (parts === undefined) return undefined;
  const index = model.dimensions.reduced([...summand.index.filter((dimension) => dimension !== parts), ...parts.within]);
  const item = new ListValue(
    Array.from({ length: size }, (_, at) => ItemValue.of(`op${node.index}.${at}`, index, '', true, false, originOf([summand.item]))),
  );
  return {
    ...summand,
    index,
    item,
    data: tiedTo(summand.data, index, model.dimensions),
    waits: tiedTo(summand.waits, index, model.dimensions),
  };
}

function collectedInFiles(step: Step): readonly Summand[] {
  const { model, node, source, code } = step;
  const { summands } = source;
  if (summands.length === 0) return [];
  const data = unionOf(summands.map((summand) => summand.data));
  const waits = unionOf(summands.map((summand) => summand.waits));
  const named = node.args.named?.get('name') !== undefined || typeof node.args.positional[0] === 'string';
  let index: Index = [];
  if (!named) {
    // `{ meta, text -> [ "${meta.id}.txt", text ] }`: a file for each name.
    const keys = summands.map((summand) => keyFactsOf(partOf(code === undefined ? summand.item : evaluated(step, code, summand.item), 0)));
    index = model.dimensions.reduced(keys.flatMap((key, at) => indexOfKey(step, key, (summands[at] as Summand).index)));
  }
  return [
    heldBack(step, {
      index,
      selections: [],
      fewer: false,
      exactness: index.length === 0 ? 'exact' : tallied(summands),
      optional: NOT_OPTIONAL,
      unsure: allSelections(summands),
      item: ItemValue.of(`op${node.index}`, index, '', true, false, originOf(summands.map(({ item }) => item))),
      data: tiedTo(data, index, model.dimensions),
      waits: tiedTo(waits, [], model.dimensions, node),
    }),
  ];
}

/** The index of items that are told apart by a key. */
function indexOfKey({ model, node }: Pick<Step, 'model' | 'node'>, key: KeyFacts, index: Index): Index {
  if (key.vague) return index.length === 0 ? [] : [model.dimensions.quotient(index, `op${node.index} ${key.signature}`, node, key)];
  const dimensions = model.dimensions.reduced(key.dimensions);
  if (dimensions.length === 0) return [];
  if (key.identifies) return dimensions;
  // Groups told apart once more by what told them apart.
  if (dimensions.length === 1 && dimensions[0]?.key !== undefined && determines(key, dimensions[0].key)) return dimensions;
  return [model.dimensions.quotient(dimensions, key.signature, node, key)];
}

/** Only of neighbours that are alike one goes on. */
function withoutRepeats(step: Step): readonly Summand[] {
  return step.source.summands.map((summand) => (summand.index.length === 0 ? summand : limited(summand, 'at most')));
}

/** Whether the parts of a key are those of the item that the index tells; else there are only some of them. */
function isKnown({ model }: Step, { dimensions }: KeyFacts, { index }: Summand): boolean {
  return [...dimensions].every((one) => model.dimensions.implies(index, one));
}

/** How sure the number of keys is that items have: as sure as of those that are there in any case. */
function exactnessOfKeys(step: Step, some: readonly { readonly summand: Summand; readonly facts: KeyFacts }[]): Exactness {
  const known = some.filter(({ summand, facts }) => isKnown(step, facts, summand));
  if (known.some(({ summand }) => tallied([summand]) === 'exact')) return 'exact';
  return known.length < some.length && some.some(({ summand }) => summand.exactness === 'about') ? 'about' : 'at most';
}

function distinct(step: Step): readonly Summand[] {
  const { model, source, code } = step;
  const bySignature = new Map<string, { index: Index; summands: Summand[]; keys: { summand: Summand; facts: KeyFacts }[] }>();
  for (const summand of source.summands) {
    const key = keyFactsOf(code === undefined ? summand.item : evaluated(step, code, summand.item));
    const index = indexOfKey(step, key, summand.index);
    const id = key.vague ? `${bySignature.size}` : `${key.signature} ${index.map(({ id: one }) => one).join()}`;
    const before = bySignature.get(id);
    if (before === undefined) bySignature.set(id, { index, summands: [summand], keys: [{ summand, facts: key }] });
    else {
      before.summands.push(summand);
      before.keys.push({ summand, facts: key });
    }
  }
  return [...bySignature.values()].map(({ index, summands, keys }) => {
    const [first] = summands as [Summand];
    if (
      bySignature.size === 1 &&
      summands.length === 1 &&
      index.length === first.index.length &&
      index.every((one) => first.index.includes(one))
    )
      return first;
    // Of equal items the first goes on: any of the tasks will do.
    const spread = !first.index.every((one) => model.dimensions.implies(index, one));
    const data = tiedTo(summands.length === 1 ? first.data : oneOf(summands.map((summand) => summand.data)), index, model.dimensions);
    const waits = tiedTo(summands.length === 1 ? first.waits : model.waitsOfOne(summands), index, model.dimensions);
    const loose = spread || summands.length > 1;
    const item =
      summands.length === 1
        ? first.item
        : generalOf(
            summands.map((summand) => summand.item),
            new Mark(`op${step.node.index}.any`, index, '', false, false, originOf(summands.map((summand) => summand.item))),
          );
    return {
      ...first,
      item,
      index,
      data: loose ? anyOf(data) : data,
      waits: loose ? anyOf(waits) : waits,
      // Keys that are made of other parts may be equal all the same.
      exactness: bySignature.size > 1 ? worst([{ exactness: 'at most' }, first]) : exactnessOfKeys(step, keys),
      unsure: allSelections(summands),
      selections: summands.length === 1 ? first.selections : [],
    };
  });
}

export function keyIndices(node: OperatorNode, fallback: readonly number[]): readonly number[] {
  const by = node.args.named?.get('by');
  if (typeof by === 'number') return [by];
  if (by instanceof ListValue && by.items.every((item) => typeof item === 'number')) return by.items as number[];
  return fallback;
}

/** The key of an item: its parts at some indices; of a record, fields. */
export function keyOf(item: Value, indices: readonly number[]): Value {
  return indices.length === 1 ? partOf(item, indices[0] as number) : new ListValue(indices.map((at) => partOf(item, at)));
}

/** Whether a groupTuple knows how many items a key has: the size is given, or the key was made by groupKey. */
export function isSized(node: OperatorNode, key: Value, indices: readonly number[]): boolean {
  const size = node.args.named?.get('size');
  if (size !== undefined && size !== null && size !== 0) return true;
  return indices.length === 1 && key instanceof GroupKeyValue;
}

export type GroupSize = 'known' | 'none' | 'lost' | 'several indices';

/** Whether a groupTuple knows how many items its groups have: of all that reaches it, the worst. */
export function groupSizeAt(model: ChannelModel, node: OperatorNode): GroupSize {
  const [source] = node.inputs;
  const indices = keyIndices(node, [0]);
  const sizes = (source === undefined ? [] : model.flowOf(source).summands).map(({ item }): GroupSize => {
    const key = keyOf(item, indices);
    if (isSized(node, key, indices)) return 'known';
    if (indices.length > 1) return listed(key).some((part) => part instanceof GroupKeyValue) ? 'several indices' : 'none';
    return lostItsSize(key) ? 'lost' : 'none';
  });
  return (['lost', 'several indices', 'none'] as const).find((size) => sizes.includes(size)) ?? 'known';
}

function grouped(step: Step): readonly Summand[] {
  const { model, node, source } = step;
  const indices = keyIndices(node, [0]);
  const groups = new Map<string, { index: Index; keys: Keyed[]; sized: boolean }>();
  for (const summand of source.summands) {
    const key = keyOf(summand.item, indices);
    const facts = keyFactsOf(key);
    const index = indexOfKey(step, facts, summand.index);
    const id = facts.vague ? `vague ${groups.size}` : `${facts.signature} ${index.map(({ id: one }) => one).join()}`;
    const sized = isSized(node, key, indices);
    const before = groups.get(id);
    if (before === undefined) groups.set(id, { index, keys: [{ summand, key, facts }], sized });
    else {
      before.keys.push({ summand, key, facts });
      before.sized &&= sized;
    }
  }
  const made = [...groups.values()].map(({ index, keys, sized }) => {
    const summands = keys.map(({ summand }) => summand);
    const over = gatheredOver(step, summands).filter((one) => !model.dimensions.implies(index, one));
    const data = unionOf(summands.map((summand) => summand.data));
    const waits = tiedTo(unionOf(summands.map((summand) => summand.waits)), index, model.dimensions);
    const [first] = summands as [Summand];
    const length = first.item instanceof ListValue ? first.item.items.length : MOST_PARTS;
    const parts = Array.from({ length }, (_, at): Value => {
      if (indices.includes(at)) return partOf(first.item, at);
      const each = summands.map((summand) => partOf(summand.item, at));
      const element =
        each.length === 1
          ? (each[0] as Value)
          : generalOf(each, new Mark(`op${node.index}.${at}.element`, gatheredOver(step, summands), '', false, false, originOf(each)));
      const mark = new Mark(`op${node.index}.${at}`, index, '', false, false, originOf(each));
      return new GatheredValue(
        element,
        over,
        mark,
        data,
        elementKinds(summands, (summand) => partOf(summand.item, at)),
      );
    });
    // A group key finds no plain key, and a group of another size than was said is lost or given out twice.
    const split = keys.some((one) => isGroupKey(one) !== isGroupKey(keys[0] as Keyed)) || (sized && !isSizeOf(step, keys, index));
    const exactness = split ? 'about' : exactnessOfKeys(step, keys);
    const group: Summand = {
      index,
      selections: summands.length === 1 && over.length === 0 ? first.selections : [],
      fewer: summands.every((summand) => summand.fewer || summand.selections.length > 0),
      exactness: groups.size > 1 ? worst([{ exactness: 'at most' }, { exactness }]) : exactness,
      optional: new Map(summands.flatMap((summand) => [...summand.optional])),
      unsure: allSelections(summands),
      item: new ListValue(parts),
      data: tiedTo(data, index, model.dimensions),
      waits,
    };
    if (!sized) return heldBack(step, group);
    // Full groups go at once, the others when the channel ends.
    return node.args.named?.get('remainder') === true ? { ...group, waits: union(waits, perhaps(model.upstreamOf(source.closes))) } : group;
  });
  return perhapsTogether(made);
}

/** Keys that are made of other parts may be equal all the same: then what has them is in one group. */
function perhapsTogether(groups: readonly Summand[]): readonly Summand[] {
  if (groups.length < 2) return groups;
  const all = (what: 'data' | 'waits'): ReadonlySet<ProcessCall> => new Set(groups.flatMap((group) => [...group[what].keys()]));
  const [data, waits] = [all('data'), all('waits')];
  const more = (own: Dependences, calls: ReadonlySet<ProcessCall>): Dependences =>
    own.size === calls.size ? own : union(own, perhaps([...calls].filter((call) => !own.has(call))));
  return groups.map((one) => ({ ...one, data: more(one.data, data), waits: more(one.waits, waits) }));
}

function isGroupKey({ key }: Keyed): boolean {
  return key instanceof GroupKeyValue;
}

/** Whether a size may well be that of the groups: all items of one dimension, or as many as are written down. */
function isSizeOf({ model, node }: Step, keys: readonly Keyed[], index: Index): boolean {
  const [{ summand }] = keys as [Keyed];
  const over = [...closureOf(summand.index)].filter((one) => !model.dimensions.implies(index, one));
  const [only] = over;
  if (keys.length > 1 || over.length !== 1 || only === undefined || tallied([summand]) !== 'exact') return false;
  const size = node.args.named?.get('size');
  return size === undefined || size === null || size === only.atom.known || isUnknown(size);
}

/** Of an item of which not even the number of parts is known. */
const MOST_PARTS = 6;

// -------------------------------------------------------------------------------------------------- several channels

export function mixed(model: ChannelModel, flows: readonly Flow[]): readonly Summand[] {
  return rejoined(
    madeOnce(
      model,
      flows.flatMap((flow) => flow.summands),
    ),
  );
}

/** Two optional outputs of one call, not one that both come from. */
function areOfOne(one: Summand, two: Summand): boolean {
  for (const [call, output] of one.optional) {
    const other = two.optional.get(call);
    if (other !== undefined && other !== output) return true;
  }
  return false;
}

/** `P.out.bai.mix(P.out.csi)`: of two optional outputs of one call a task makes one, or one is there and not the other. */
function madeOnce(model: ChannelModel, summands: readonly Summand[]): readonly Summand[] {
  if (summands.filter((summand) => summand.optional.size > 0).length < 2) return summands;
  const kept: Summand[] = [];
  /** Where those of one shape stand that have an output of a call. */
  const places = new Map<string, Map<ProcessCall, number[]>>();
  for (const summand of summands) {
    const shape = shapeOf(summand);
    let alike = places.get(shape);
    if (alike === undefined) places.set(shape, (alike = new Map()));
    const candidates = [...summand.optional.keys()].flatMap((call) => alike.get(call) ?? []);
    const at = candidates.reduce((least, place) => {
      const other = kept[place] as Summand;
      return place < least && areOfOne(summand, other) && other.item !== summand.item ? place : least;
    }, kept.length);
    if (at === kept.length) {
      for (const call of summand.optional.keys()) {
        const some = alike.get(call);
        if (some === undefined) alike.set(call, [kept.length]);
        else some.push(kept.length);
      }
      kept.push(summand);
    } else {
      const other = kept[at] as Summand;
      for (const call of summand.optional.keys())
        if (other.optional.has(call))
          model.assumptions.add(`that a task of ${call.name} makes one of its optional outputs where they are mixed`);
      kept[at] = model.either([other, summand]);
    }
  }
  return kept;
}

/** Items that a branch parted are whole again when all of its labels come together with nothing between. */
function rejoined(summands: readonly Summand[]): readonly Summand[] {
  if (!summands.some(({ selections }) => selections.length > 0)) return summands;
  const left = [...summands];
  let alike = partsOf(left);
  for (let at = 0; at < left.length; at += 1) {
    const one = left[at] as Summand;
    const selection = one.selections.at(-1);
    if (selection === undefined) continue;
    const rest = one.selections.slice(0, -1);
    const parts = alike.get(partKey(one)) ?? [];
    if (parts.length !== selection.of) continue;
    const labels = new Set(parts.map(({ selections }) => selections.at(-1)?.label));
    if (labels.size !== selection.of) continue;
    const whole: Summand = {
      ...one,
      selections: rest,
      fewer: !selection.exhaustive || parts.some((part) => part.fewer),
      exactness: worst(parts),
      item: generalOf(
        parts.map(({ item }) => item),
        new Mark(`op${selection.node.index}.whole`, one.index, '', false, false, originOf(parts.map(({ item }) => item))),
      ),
      data: unionOf(parts.map(({ data }) => data)),
      waits: unionOf(parts.map(({ waits }) => waits)),
    };
    for (const part of parts) left.splice(left.indexOf(part), 1);
    left.splice(Math.min(at, left.length), 0, whole);
    alike = partsOf(left);
    at = -1;
  }
  return left;
}

/** Those that differ in the label of their last branch alone. */
function partsOf(summands: readonly Summand[]): ReadonlyMap<string, readonly Summand[]> {
  const found = new Map<string, Summand[]>();
  for (const summand of summands) {
    if (summand.selections.length === 0) continue;
    const key = partKey(summand);
    const some = found.get(key);
    if (some === undefined) found.set(key, [summand]);
    else some.push(summand);
  }
  return found;
}

function partKey({ selections, unsure, index }: Summand): string {
  const before = selections.slice(0, -1).map(({ node, label }) => `${node.index}.${label}`);
  return `${selections.at(-1)?.node.index} ${unsure} ${before.join()} ${idsOf(index)}`;
}

function concatenated(step: Step): readonly Summand[] {
  const { node, source, others } = step;
  const all = [...source.summands];
  const closed = new Set(source.closes);
  for (const flow of others) {
    const wait = allOf(closed, node);
    for (const summand of flow.summands) all.push({ ...summand, waits: union(summand.waits, wait) });
    for (const call of flow.closes) closed.add(call);
  }
  return rejoined(all);
}

function withDefault(step: Step): readonly Summand[] {
  const { source, node, code } = step;
  const { summands } = source;
  const given =
    code instanceof ClosureValue
      ? ItemValue.of(`op${node.index}`, [], '', true, false, GIVEN)
      : settled(node.args.positional[0] ?? null, `op${node.index}`, [], GIVEN);
  const fallback = heldBack(step, {
    index: [],
    selections: [],
    fewer: false,
    exactness: 'exact',
    optional: NOT_OPTIONAL,
    unsure: false,
    item: given,
    data: NOTHING,
    waits: NOTHING,
  });
  if (summands.length === 0) return [fallback];
  if (summands.some((summand) => !summand.unsure && !summand.fewer && summand.selections.length === 0)) return summands;
  return [...summands, { ...fallback, unsure: true }];
}

function listed(item: Value): readonly Value[] {
  return item instanceof ListValue ? item.items : [item];
}

interface Keyed {
  readonly summand: Summand;
  readonly key: Value;
  readonly facts: KeyFacts;
}

function keyed(flow: Flow, indices: readonly number[]): readonly Keyed[] {
  return flow.summands.map((summand) => {
    const key = keyOf(summand.item, indices);
    return { summand, key, facts: keyFactsOf(key) };
  });
}

/**
 * Which items of the one side meet which of the other: those whose keys are the same parts, else those that could be. Nobody puts together
 * what can never meet: two labels of a branch that meet nowhere else meet as items of their own, which `parted` says.
 */
function meeting(left: readonly Keyed[], right: readonly Keyed[]): { pairs: readonly [Keyed, Keyed][]; parted: boolean } {
  const pairs: [Keyed, Keyed][] = [];
  for (const one of left) {
    const exact = right.filter((other) => !one.facts.vague && one.facts.signature === other.facts.signature);
    for (const other of exact.length > 0 ? exact : right) pairs.push([one, other]);
  }
  // A right side that met its like on the left does not meet others too.
  const met = new Set(
    pairs.filter(([one, other]) => one.facts.signature === other.facts.signature && !one.facts.vague).map(([, other]) => other),
  );
  const likely = pairs.filter(([one, other]) => one.facts.signature === other.facts.signature || !met.has(other));
  const together = likely.filter(([one, other]) => !apart(one.summand, other.summand));
  return together.length === 0 ? { pairs: likely, parted: likely.length > 0 } : { pairs: together, parted: false };
}

/**
 * An item of one label of a branch beside one of another label: tumour and normal of a patient, a treated library and its control. With one
 * key on both sides a `join` makes a pair of each key. Else an item of the side that leads meets some one of the other side.
 */
function partners({ model, node }: Step, one: Keyed, two: Keyed, item: (one: Value, two: Value) => Value): Summand {
  const { dimensions } = model;
  const same = !one.facts.vague && one.facts.signature === two.facts.signature;
  const joins = node.name === 'join' && same;
  // `cross` has one item of a key on its left, and as many as there are on its right.
  const [first, second] = node.name === 'cross' ? [two.summand, one.summand] : [one.summand, two.summand];
  const index = joins ? indexOfKey({ model, node }, one.facts, first.index) : first.index;
  const own = (mark: Mark, id: string): Mark =>
    mark.index.length === 0 || one.facts.plain.has(mark.id)
      ? mark
      : new Mark(id, index, mark.shown, joins && mark.identifies, mark.several, mark.made);
  const label = second.selections.map((each) => `${each.node.index}${each.label}`).join();
  const another = remarked(second.item, (mark) => own(mark, `${mark.id}|${label}`));
  const leading = joins ? remarked(first.item, (mark) => own(mark, mark.id)) : first.item;
  const [left, right] = node.name === 'cross' ? [another, leading] : [leading, another];
  if (!joins)
    model.assumptions.add(`that an item meets one item of the other label where ${node.name} puts two labels of a branch together`);
  return {
    index,
    exactness: worst([first, second]),
    selections: joins ? [{ node, label: 'matched', of: Number.POSITIVE_INFINITY, exhaustive: false }] : first.selections,
    fewer: true,
    optional: both(one.summand, two.summand, index, null).optional,
    unsure: first.unsure || second.unsure,
    item: item(left, right),
    data: union(tiedTo(first.data, index, dimensions), joins ? tiedTo(second.data, index, dimensions) : anyOf(second.data)),
    waits: union(tiedTo(first.waits, index, dimensions), joins ? tiedTo(second.waits, index, dimensions) : anyOf(second.waits)),
  };
}

/** No item has two labels of one branch. */
function apart(one: Summand, two: Summand): boolean {
  return one.selections.some((each) => two.selections.some((other) => other.node === each.node && other.label !== each.label));
}

/** Each item meets some one of the other side, and it is not known which. */
function loosely(model: ChannelModel, one: Summand, two: Summand, index: Index, item: Value): Summand {
  const known = [one, two].map((summand) => summand.index.every((dimension) => model.dimensions.implies(index, dimension)));
  const [left, right] = [one, two].map((summand, at) =>
    known[at] ? summand : { ...summand, data: anyOf(summand.data), waits: anyOf(summand.waits) },
  ) as [Summand, Summand];
  return both(left, right, index, item);
}

function both(one: Summand, two: Summand, index: Index, item: Value): Summand {
  return {
    index,
    selections: [
      ...one.selections,
      ...two.selections.filter((each) => !one.selections.some((other) => other.node === each.node && other.label === each.label)),
    ],
    fewer: one.fewer || two.fewer,
    exactness: worst([one, two]),
    optional: one.optional.size === 0 ? two.optional : new Map([...one.optional, ...two.optional]),
    unsure: one.unsure || two.unsure,
    item,
    data: union(one.data, two.data),
    waits: union(one.waits, two.waits),
  };
}

function joined(step: Step): readonly Summand[] {
  const { model, node, source, others } = step;
  const [other] = others;
  if (other === undefined) return source.summands;
  const indices = keyIndices(node, [0]);
  const left = keyed(source, indices);
  const right = keyed(other, indices);
  const { pairs, parted } = meeting(left, right);
  const alone = aloneIn(step, pairs);
  const made = pairs.map(([one, two]) => {
    const sure = isSure(one, two);
    const itemOf = (mine: Value, theirs: Value): Value =>
      new ListValue([
        ...(mine instanceof ListValue ? mine.items : [one.key, ...Array.from({ length: 2 }, (_, at) => partOf(mine, at + 1))]),
        ...(theirs instanceof ListValue ? theirs.items.filter((_, at) => !indices.includes(at)) : [partOf(theirs, 1)]),
      ]);
    if (parted) return { summand: limited(partners(step, one, two, itemOf), 'at most'), sure, once: false, one, two };
    const index = pairedIndex(model, one, two);
    const item = itemOf(one.summand.item, two.summand.item);
    const matched = sure ? both(one.summand, two.summand, index, item) : loosely(model, one.summand, two.summand, index, item);
    // Of several with one key each is taken once.
    const once = alone(one, two) && [one, two].every(({ summand }) => index.every((each) => model.dimensions.implies(summand.index, each)));
    return { summand: once ? matched : limited(matched, 'at most'), sure, once, one, two };
  });
  if (node.args.named?.get('remainder') !== true) return made.map(matchedOnly);
  // Who finds no partner leaves when both sides have ended. Of two optional outputs of one call mostly one is made: then that is all of them.
  const closing = union(allOf(source.closes, node), allOf(other.closes, node));
  const either = source.summands.some((one) => other.summands.some((two) => areOfOne(one, two)));
  const isWhole = ({ summand }: Keyed): boolean => !summand.fewer && summand.selections.length === 0;
  const matched = made.map(({ summand, once, one, two }) => ({
    ...summand,
    // All keys of the one side are there, whether they are on the other or not.
    fewer: !(either || isWhole(one) || isWhole(two)),
    selections: once && (isWhole(one) || isWhole(two)) ? [] : summand.selections,
  }));
  if (either) return matched.map((summand) => limited({ ...summand, waits: union(summand.waits, closing) }, 'about'));
  if (made.length === 1 && made.every(({ sure, once, one, two }) => sure && once && isWhole(one) && isWhole(two))) return matched;
  return [...matched, ...[...source.summands, ...other.summands].map((summand) => lone(summand, indices, closing))];
}

/** An item without a partner. */
function lone(summand: Summand, indices: readonly number[], closing: Dependences): Summand {
  const { item } = summand;
  const parts = item instanceof ListValue ? item.items : [keyOf(item, indices), partOf(item, 1)];
  return { ...summand, item: new ListValue([...parts, null]), unsure: true, waits: union(summand.waits, closing) };
}

function isSure(one: Keyed, two: Keyed): boolean {
  return one.facts.signature === two.facts.signature && !one.facts.vague;
}

/** Whether a key is of parts that the items are known by, and of one kind on each side. */
function aloneIn(step: Step, pairs: readonly (readonly [Keyed, Keyed])[]): (one: Keyed, two: Keyed) => boolean {
  const signatures = new Set(pairs.flatMap(([one, two]) => [one.facts.signature, two.facts.signature]));
  if (signatures.size > 1) return () => false;
  const met = new Map<Keyed, number>();
  for (const pair of pairs) for (const side of pair) met.set(side, (met.get(side) ?? 0) + 1);
  return (one, two) =>
    met.get(one) === 1 &&
    met.get(two) === 1 &&
    isSure(one, two) &&
    isGroupKey(one) === isGroupKey(two) &&
    [one, two].every(({ facts, summand }) => isKnown(step, facts, summand));
}

/** Keys that are not surely the same may find no partner. */
function matchedOnly({ summand, sure }: { summand: Summand; sure: boolean }): Summand {
  return sure ? summand : fewer(summand);
}

/** One pair for each key; of keys that cannot be told to be the same, for each that both have. */
function pairedIndex({ dimensions }: ChannelModel, one: Keyed, two: Keyed): Index {
  if (one.facts.signature === two.facts.signature && !one.facts.vague)
    return dimensions.reduced([...one.summand.index, ...two.summand.index]);
  const left = dimensions.reduced(one.summand.index);
  const right = dimensions.reduced(two.summand.index);
  // The finer of both where one knows the other; else those of the left.
  if (right.every((each) => dimensions.implies(left, each))) return left;
  if (left.every((each) => dimensions.implies(right, each))) return right;
  return left;
}

function combined(step: Step): readonly Summand[] {
  const { model, node, source, others } = step;
  const by = node.args.named?.get('by');
  const right: readonly Summand[] = others[0]?.summands ?? plainRight(step);
  if (by === undefined) {
    return source.summands.flatMap((one) =>
      right.map((two) => {
        const apart = independent(step, one.index, two);
        return both(
          one,
          apart,
          model.dimensions.reduced([...one.index, ...apart.index]),
          new ListValue([...listed(one.item), ...listed(apart.item)]),
        );
      }),
    );
  }
  const indices = keyIndices(node, [0]);
  const left = keyed(source, indices);
  const other = keyed({ kind: 'queue', summands: right, closes: new Set(), opaque: undefined }, indices);
  const { pairs, parted } = meeting(left, other);
  return pairs.map(([one, two]) => {
    const itemOf = (mine: Value, theirs: Value): Value =>
      new ListValue(
        [
          one.key instanceof ListValue && indices.length > 1 ? one.key.items : [one.key],
          restOf(mine, indices),
          restOf(theirs, indices),
        ].flat(),
      );
    if (parted) return limited(partners(step, one, two, itemOf), 'about');
    const item = itemOf(one.summand.item, two.summand.item);
    if (!isSure(one, two)) return limited(fewer(loosely(model, one.summand, two.summand, pairedIndex(model, one, two), item)), 'about');
    const { index, exactness } = pairedAll(step, one, two);
    const alone = isGroupKey(one) === isGroupKey(two) && [one, two].every(({ facts, summand }) => isKnown(step, facts, summand));
    return limited(both(one.summand, two.summand, index, item), alone ? exactness : 'about');
  });
}

function restOf(item: Value, indices: readonly number[]): readonly Value[] {
  return item instanceof ListValue ? item.items.filter((_, at) => !indices.includes(at)) : [partOf(item, 1)];
}

/** All pairs of one key. */
function pairedAll({ model: { dimensions } }: Step, one: Keyed, two: Keyed): { readonly index: Index; readonly exactness: Exactness } {
  const key = dimensions.known(one.facts);
  const [left, right] = [one.summand.index, two.summand.index];
  const tangled = key === undefined ? left.length > 0 && right.length > 0 : dimensions.tangled(left, right, key).length > 0;
  return { index: dimensions.reduced([...left, ...right]), exactness: tangled ? 'about' : 'exact' };
}

/** `combine([1, 2])`: a list given as it stands. */
function plainRight({ model, node }: Step): readonly Summand[] {
  const [list] = node.args.positional;
  const none = {
    selections: [],
    fewer: false,
    exactness: 'exact' as const,
    optional: NOT_OPTIONAL,
    unsure: false,
    data: NOTHING,
    waits: NOTHING,
  };
  if (list instanceof ListValue && !list.open) {
    if (list.items.length === 0) return [];
    if (list.items.length === 1) return [{ ...none, index: [], item: list.items[0] as Value }];
    const over = model.dimensions.element(node, [], 'choices', list.items.length);
    return [{ ...none, index: [over], item: generalOf(list.items, new Mark(`op${node.index}`, [over], '', false, false, GIVEN)) }];
  }
  if (list === undefined || isUnknown(list)) {
    const over = model.dimensions.element(node, [], 'choices');
    return [{ ...none, index: [over], item: ItemValue.of(`op${node.index}`, [over], '', false, false, GIVEN) }];
  }
  return [{ ...none, index: [], item: list }];
}

/** What meets each item of an index, whatever they have in common. */
export function independent<T extends Pick<Summand, 'index' | 'item' | 'data' | 'waits'>>(
  site: { readonly model: ChannelModel; readonly node: ChannelNode },
  index: Index,
  summand: T,
): T {
  const { dimensions } = site.model;
  const all = [...new Set([...summand.index, ...gatheredIn(summand.item)])];
  const tangled = dimensions.tangled(index, all);
  const related = (one: Dimension): boolean =>
    tangled.some((other) => dimensions.implies([other], one) || dimensions.implies([one], other));
  return renamed(site, summand, all.filter(related));
}

/** The same items once more, each to be met by each: another dimension of the same size. */
function renamed<T extends Pick<Summand, 'index' | 'item' | 'data' | 'waits'>>(
  { model, node }: { readonly model: ChannelModel; readonly node: ChannelNode },
  summand: T,
  shared: Index,
): T {
  if (shared.length === 0) return summand;
  const copies = new Map(shared.map((dimension) => [dimension, model.dimensions.copy(node, dimension)]));
  const copied = (dimension: Dimension): Dimension => copies.get(dimension) ?? dimension;
  const item = remarked(summand.item, (mark) => moved(mark, `${mark.id}@${node.index}`, copied), copied);
  return { ...summand, index: summand.index.map(copied), item, data: retied(summand.data, copied), waits: retied(summand.waits, copied) };
}

function moved({ index, shown, identifies, several, made }: Mark, id: string, copied: (dimension: Dimension) => Dimension): Mark {
  return new Mark(id, index.map(copied), shown, identifies, several, made);
}

/** The conditions of a closure that say that two parts of its item are equal. */
function equalities(closure: ClosureValue): readonly (readonly [Expression, Expression])[] {
  const found: [Expression, Expression][] = [];
  const add = (expression: Expression | undefined): void => {
    if (expression?.kind !== 'BinaryExpression') return;
    if (expression.operator === '&&') {
      add(expression.left);
      add(expression.right);
    } else if (expression.operator === '==') found.push([expression.left, expression.right]);
  };
  add(conditionOf(closure));
  return found;
}

/** What has to hold for an item to stay: the result of a filter; of a `map` what stands before `? [..] : null` or in its `if`. */
function conditionOf(closure: ClosureValue): Expression | undefined {
  const last = closure.node.body.at(-1);
  if (last?.kind === 'IfStatement') return last.elseBranch === null ? last.condition : undefined;
  const result = resultOf(closure.node);
  if (result?.kind !== 'TernaryExpression') return result;
  return result.whenFalse.kind === 'ConstantExpression' && result.whenFalse.value === null ? result.condition : undefined;
}

/** The parts of items that a filter's condition is made of. */
export function conditionMarks(model: ChannelModel, filter: OperatorNode): readonly Mark[] | undefined {
  const source = filter.inputs[0] === undefined ? undefined : model.flowOf(filter.inputs[0]);
  const code = filter.args.positional.find((value) => value instanceof ClosureValue);
  const [summand] = source?.summands ?? [];
  const result = code === undefined ? undefined : resultOf(code.node);
  if (source === undefined || code === undefined || summand === undefined || result === undefined) return undefined;
  const step: Step = { model, node: filter, port: undefined, source, others: [], code };
  const marks = new Set<Mark>();
  // Comparisons do not carry what they compare: each operand by itself.
  const operands: Expression[] = [];
  const add = (expression: Expression): void => {
    if (expression.kind === 'BinaryExpression') {
      add(expression.left);
      add(expression.right);
    } else if (expression.kind === 'UnaryExpression') add(expression.operand);
    else operands.push(expression);
  };
  add(result);
  for (const [at, operand] of operands.entries()) marksOf(sideOf(step, code, operand, summand, at), marks);
  return [...marks];
}

/** Of a filter's equalities those of which one side is of the left items of a combine and the other of the right ones. */
export function sameKeyConditions(
  model: ChannelModel,
  filter: OperatorNode,
  combine: OperatorNode,
): readonly (readonly [Expression, Expression])[] {
  const source = filter.inputs[0] === undefined ? undefined : model.flowOf(filter.inputs[0]);
  const code = filter.args.positional.find((value) => value instanceof ClosureValue);
  if (source === undefined || code === undefined) return [];
  const [left, right] = combine.inputs.map((ref) => {
    const ids = new Set<string>();
    for (const { item } of model.flowOf(ref).summands) for (const mark of marksOf(item)) ids.add(mark.id);
    return ids;
  }) as [Set<string>, Set<string>];
  const step: Step = { model, node: filter, port: undefined, source, others: [], code };
  const isOf = (ids: ReadonlySet<string>, key: KeyFacts): boolean =>
    key.all.size > 0 && [...key.all].every((id) => [...ids].some((one) => one === plainId(id) || plainId(id).startsWith(`${one}.`)));
  return equalities(code).flatMap(([one, two]) => {
    const [summand] = source.summands;
    if (summand === undefined) return [];
    const [a, b] = [one, two].map((side, at) => keyFactsOf(sideOf(step, code, side, summand, at))) as [KeyFacts, KeyFacts];
    if (a.vague || b.vague || a.signature === b.signature) return [];
    return (isOf(left, a) && isOf(right, b)) || (isOf(left, b) && isOf(right, a)) ? [[one, two] as const] : [];
  });
}

function plainId(id: string): string {
  return id.replace(/@\d+/g, '');
}

/** What one side of a comparison is for an item. */
function sideOf(step: Step, code: ClosureValue, side: Expression, summand: Summand, at: number): Value {
  const statement: Statement = { kind: 'ExpressionStatement', start: side.start, end: side.end, expression: side };
  return evaluated(step, withBody(code, [...code.node.body.slice(0, -1), statement]), summand.item, `side${at}`);
}

/** `combine(b).filter { a, b -> a.id == b.id }`: each item has met all of its own kind, and those that it belongs to are left. */
function untangled(step: Step, summand: Summand): Summand | undefined {
  const { code, model } = step;
  if (!(code instanceof ClosureValue) || !summand.index.some((dimension) => dimension.copyOf !== undefined)) return undefined;
  for (const [left, right] of equalities(code)) {
    const [one, two] = [left, right].map((side, at) => keyFactsOf(sideOf(step, code, side, summand, at))) as [KeyFacts, KeyFacts];
    if (one.vague || two.vague || one.signature === two.signature || plainSignature(one) !== plainSignature(two)) continue;
    const copies = summand.index.filter(
      (dimension) =>
        dimension.copyOf !== undefined &&
        (one.dimensions.has(dimension) || two.dimensions.has(dimension) || bothKnow(model, dimension, one, two)),
    );
    if (copies.length === 0) continue;
    const original = (dimension: Dimension): Dimension => (copies.includes(dimension) ? (dimension.copyOf as Dimension) : dimension);
    const item = remarked(summand.item, (mark) => moved(mark, plainId(mark.id), original), original);
    return {
      ...summand,
      index: model.dimensions.reduced(summand.index.map(original)),
      item,
      data: retied(summand.data, original),
      waits: retied(summand.waits, original),
    };
  }
  return undefined;
}

/** `a.control == b.id` of items that all met all of their own kind: how many such pairs there are is a count of its own. */
function paired(step: Step, summand: Summand): Summand | undefined {
  const { code, node } = step;
  if (!(code instanceof ClosureValue) || !summand.index.some((dimension) => dimension.copyOf !== undefined)) return undefined;
  const input = step.source.summands.find(({ index }) => index === summand.index) ?? summand;
  for (const [left, right] of equalities(code)) {
    const [one, two] = [left, right].map((side, at) => keyFactsOf(sideOf(step, code, side, input, at))) as [KeyFacts, KeyFacts];
    const across = summand.index.some((copy) => {
      if (copy.copyOf === undefined) return false;
      const [here, there] = [one, two].map(({ all }) => [...all].filter((id) => id.endsWith(`@${copy.origin.index}`)).length);
      return (here === 0) !== (there === 0);
    });
    if (one.vague || two.vague || !across) continue;
    const label = normalizeBlanks(`${code.frame.file.slice(left)} == ${code.frame.file.slice(right)}`);
    return selected(summand, { node, label, of: MANY_LABELS, exhaustive: false });
  }
  return undefined;
}

/** So many that they never come together again. */
const MANY_LABELS = Number.POSITIVE_INFINITY;

function plainSignature({ signature }: KeyFacts): string {
  return plainId(signature);
}

/** The copy is of keys made of what the two sides are made of. */
function bothKnow(model: ChannelModel, copy: Dimension, one: KeyFacts, two: KeyFacts): boolean {
  const original = copy.copyOf as Dimension;
  return [one, two].some(({ dimensions }) => model.dimensions.implies(dimensions, original));
}

function crossed(step: Step): readonly Summand[] {
  const { model, source, others } = step;
  const [other] = others;
  if (other === undefined) return source.summands;
  const { pairs, parted } = meeting(keyed(source, [0]), keyed(other, [0]));
  const alone = aloneIn(step, pairs);
  return pairs.map(([one, two]) => {
    const itemOf = (left: Value, right: Value): Value => new ListValue([left, right]);
    if (parted) return limited(partners(step, one, two, itemOf), 'at most');
    const { index } = pairedAll(step, one, two);
    const made = both(one.summand, two.summand, index, itemOf(one.summand.item, two.summand.item));
    // Each right item comes out once, with the left one that came last.
    const once = alone(one, two) && index.every((each) => model.dimensions.implies(two.summand.index, each));
    return once ? made : limited(made, 'at most');
  });
}

function merged(step: Step): readonly Summand[] {
  const { model, node, source, others } = step;
  const flows = [source, ...others];
  if (flows.some((flow) => flow.summands.length === 0)) return [];
  const queues = flows.filter((flow) => flow.kind !== 'value');
  const firsts = flows.map((flow) => flow.summands[0] as Summand);
  const item = new ListValue(firsts.flatMap((summand) => listed(summand.item)));
  const data = unionOf(flows.map((flow) => oneOf(flow.summands.map((summand) => summand.data))));
  const waits = unionOf(flows.map((flow) => model.waitsOfOne(flow.summands)));
  const [first] = queues.length === 0 ? flows : queues;
  const index: Index =
    queues.length <= 1
      ? ((first as Flow).summands[0] as Summand).index
      : [
          model.dimensions.derived(
            node,
            queues.map((flow) => model.countOf(flow.summands)),
            'pairs',
            (counts) => Math.min(...counts),
          ),
        ];
  const exactness = tallied((queues.length === 0 ? flows : queues).flatMap(({ summands }) => summands));
  return [
    {
      index,
      selections: [],
      fewer: false,
      exactness,
      optional: NOT_OPTIONAL,
      unsure: firsts.some((summand) => summand.unsure),
      item,
      data,
      waits,
    },
  ];
}

function unknownOperator({ model, node, source, others }: Step): readonly Summand[] {
  const summands = [source, ...others].flatMap((flow) => flow.summands);
  if (summands.length === 0) return [];
  const index: Index = [model.dimensions.element(node, [], `items of ${node.name}`)];
  const data = tiedTo(unionOf(summands.map((summand) => summand.data)), [], model.dimensions);
  const waits = tiedTo(unionOf(summands.map((summand) => summand.waits)), [], model.dimensions);
  return [
    {
      index,
      selections: [],
      fewer: false,
      exactness: 'exact',
      optional: NOT_OPTIONAL,
      unsure: false,
      item: ItemValue.of(`op${node.index}`, index),
      data,
      waits,
    },
  ];
}

function number(value: Value | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function plainNumber(args: CallArguments): number | undefined {
  return number(args.positional[0]);
}
