import { isUnknown, ListValue, MapValue, REST, type Value } from '../../parser/evaluate/value.ts';
import { placeOfName } from '../../parser/graph/channels.ts';
import { GroupKeyValue, ItemValue, termOf } from '../../parser/graph/model/item-value.ts';
import { keyIndices, keyOf } from '../../parser/graph/model/operators/keys.ts';
import type { OperatorNode } from '../../parser/graph/process-graph.ts';
import type { FileTree } from '../../parser/pipeline/file-tree.ts';
import type { Pipeline } from '../../parser/pipeline/pipeline.ts';
import { byPlace } from '../places.ts';
import { defineRule, type FoundHere, type RuleContext } from '../rule.ts';

export const unmatchedJoin = defineRule({
  id: 'unmatched-join',
  title: 'The keys of a join cannot be equal',
  severity: 'warning',
  fixable: false,
  requires: ['calls'],
  unsaved: 'it is about results that are missing: mended, more tasks run',
  docs: `
**What it finds**

A \`join\` whose two sides have keys of which none can be equal: a map on one side and one of its fields on the other, maps with other
fields, or with other values in a field.

\`\`\`nextflow
ch_bam                                             // [ [id: 's1', lane: 1], bam ]
    .join(ch_report.map { meta, txt -> [ meta.id, txt ] })      // [ 's1', txt ]: nothing matches
\`\`\`

Not reported: with \`remainder: true\`, and where the keys may well be equal.

**Why it costs you**

An item without a partner is dropped without a word, here all of them: what comes behind never runs.

**How to fix**

Make the same key on both sides.

**Fix safety**

Unsafe in the sense that more tasks run than before, which was the point.

**When to ignore it**

Never knowingly. With \`failOnMismatch: true\` Nextflow tells you itself.

**References**

- Nextflow: [join](https://www.nextflow.io/docs/latest/reference/operator.html#join)
`,
  *check(context) {
    const joins = context.graph.nodes.filter(
      (node): node is OperatorNode =>
        node.type === 'operator' && node.name === 'join' && node.active !== false && node.args.named?.get('remainder') !== true,
    );
    for (const same of byPlace(joins, placeOfName)) {
      // In each use of the subworkflow.
      const found = same.map((node) => at(context, node));
      const [first] = found;
      if (first !== undefined && found.every((one) => one !== undefined)) yield first;
    }
  },
});

function at({ model, channels, pipeline }: RuleContext, node: OperatorNode): FoundHere | undefined {
  const [left, right] = node.inputs;
  if (left === undefined || right === undefined) return undefined;
  const flows = [left, right].map((ref) => model.flowOf(ref));
  // What comes only under params that nobody knows has to differ too.
  if (flows.some(({ opaque, summands }) => opaque !== undefined || summands.every(({ unsure }) => unsure))) return undefined;
  const indices = keyIndices(node, [0]);
  const [ones, twos] = flows.map(({ summands }) => summands.map(({ item }) => keyOf(item, indices))) as [Value[], Value[]];
  const reasons = ones.flatMap((one) => twos.map((two) => differ(one, two)));
  const reason = reasons.includes(undefined) ? allDiffer(ones, twos, pipeline) : reasons[0];
  if (reason === undefined) return undefined;
  const { why, mend = 'make the same key on both sides before the join' } = typeof reason === 'string' ? { why: reason } : reason;
  return {
    message: 'no key of one side of this join can be equal to one of the other',
    reason: `${why}; an item without a partner is dropped without a word`,
    advice: mend,
    confidence: 'high',
    place: placeOfName(node),
    related: [left, right].map((ref, number) => ({
      message: `the ${number === 0 ? 'left' : 'right'} side comes from here`,
      place: ref.node.place,
    })),
    calls: [...channels.callsBehindNode(node)].map(({ id }) => id),
  };
}

/** Why two keys differ, and what to write where that is plain. */
type Difference = string | { readonly why: string; readonly mend?: string };

function mapAgainstField(side: string, map: MapValue | ItemValue, value: Value): Difference {
  const entry = map instanceof MapValue ? [...map.entries].find(([, item]) => termOf(item) === termOf(value)) : undefined;
  const name = entry?.[0] ?? (value instanceof ItemValue ? /\w+$/.exec(value.mark.id)?.[0] : undefined) ?? 'id';
  return {
    why: `the key of the ${side} side is a whole map, and that of the ${side === 'left' ? 'right' : 'left'} side is one of its fields`,
    mend: `join by that field on both sides: on the ${side} one put map { meta, file -> [ meta.${name}, file ] } before the join`,
  };
}

/** Why two keys are never equal; undefined where they may be. */
function differ(one: Value, two: Value): Difference | undefined {
  const [left, right] = [one, two].map((key) => (key instanceof GroupKeyValue ? key.target : key)) as [Value, Value];
  if (left instanceof ListValue && right instanceof ListValue && !left.open && !right.open) {
    if (left.items.length !== right.items.length) return 'the keys are lists of different lengths';
    return left.items.map((item, index) => differ(item, right.items[index] as Value)).find((reason) => reason !== undefined);
  }
  if (left instanceof MapValue && right instanceof MapValue) return mapsDiffer(left, right);
  const [map, other, side] = isMap(left) ? [left, right, 'left'] : [right, left, 'right'];
  if (isMap(map) && isField(other, map)) return mapAgainstField(side, map, other);
  if (isPlain(left) && isPlain(right) && left !== right) return `the key is ${shown(left)} on one side and ${shown(right)} on the other`;
  return undefined;
}

/** Why no key of one side equals one of the other, where it takes all keys of a side to see that. */
function allDiffer(ones: readonly Value[], twos: readonly Value[], { tree }: Pipeline): Difference | undefined {
  const [left, right] = [ones, twos].map((some) => some.map((key) => (key instanceof GroupKeyValue ? key.target : key))) as [
    Value[],
    Value[],
  ];
  for (const [maps, others, side] of [
    [left, right, 'left'],
    [right, left, 'right'],
  ] as const) {
    if (!maps.every((map) => map instanceof MapValue)) continue;
    const [other] = others;
    if (other !== undefined && others.every((value) => maps.some((map) => isField(value, map))))
      return mapAgainstField(side, maps[0] as MapValue, other);
    // A field that was put in on one side alone; not one that the items may have from a sheet.
    const [first] = maps as readonly MapValue[];
    for (const [field, value] of first?.entries ?? []) {
      const added = isPlain(value) && maps.every((map) => isPlain((map as MapValue).entries.get(field) ?? null));
      const lacking = others.every((other) => other instanceof ItemValue || (other instanceof MapValue && !other.entries.has(field)));
      if (added && lacking && isInNoSheet(field, tree)) return `the ${side} key was given a field ${field}, the other one was not`;
    }
  }
  return undefined;
}

/** The pipeline says what its sheets hold, and that is not in it. */
function isInNoSheet(field: string, tree: FileTree): boolean {
  const sheets = tree.list('assets').filter((name) => /^schema.*\.json$/.test(name));
  return sheets.length > 0 && sheets.every((name) => tree.read(`assets/${name}`)?.includes(`"${field}"`) === false);
}

function isMap(value: Value): value is MapValue | ItemValue {
  return value instanceof MapValue || value instanceof ItemValue;
}

/** The value is a part of what the map is or holds. */
function isField(value: Value, map: MapValue | ItemValue): boolean {
  if (map instanceof MapValue) {
    if (!isUnknown(value) && typeof value !== 'string') return false;
    const term = termOf(value);
    if ([...map.entries.values()].some((item) => item !== null && typeof item === 'object' && termOf(item) === term)) return true;
    const rest = map.missing?.(REST);
    return rest instanceof ItemValue && isField(value, rest);
  }
  return value instanceof ItemValue && value.mark.id.startsWith(`${map.mark.id}.`) && !/\.\d+$/.test(value.mark.id);
}

function mapsDiffer(left: MapValue, right: MapValue): string | undefined {
  for (const [key, value] of left.entries) {
    const other = right.entries.get(key);
    if (other === undefined) {
      if (right.missing === undefined) return `the key of the right side has no field ${key}`;
    } else if (isPlain(value) && isPlain(other) && value !== other)
      return `the field ${key} of the key is ${shown(value)} on one side and ${shown(other)} on the other`;
  }
  if (left.missing === undefined)
    for (const key of right.entries.keys()) if (!left.entries.has(key)) return `the key of the left side has no field ${key}`;
  return undefined;
}

function isPlain(value: Value): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function shown(value: string | number | boolean): string {
  return typeof value === 'string' ? `'${value.slice(0, 40)}'` : String(value);
}
