/** Two channels that meet. */
import type { Draft, Field, PoolChannel, Trait } from '../generate.ts';
import { asChannel } from './apart.ts';
import { choose, derive, firstKey, HEAVIEST, type Key, key, keyed, partNames, paths, queues, sameShape, WORD } from './parts.ts';

/** A second key of an item is a word to whoever comes later. */
export const demoted = (fields: readonly Field[]): Field[] =>
  fields.map((field) => (field.type === 'key' && field.kind !== 'row' && field.kind !== 'sample' ? WORD : field));

export function combine(draft: Draft): void {
  const left = choose(
    draft,
    queues(draft, ({ fields }) => fields.length < 4),
  );
  if (left === undefined) return;
  const right = choose(
    draft,
    draft.pool.filter((one) => one !== left && one.fields.length < 3 && one.weight * left.weight <= HEAVIEST && !isList(one)),
  );
  if (right === undefined || isList(left)) return;
  derive(
    draft,
    'scattered',
    `${left.name}.combine(${asChannel(right)})`,
    [left, right],
    {
      scattered:
        left.distinct &&
        left.split !== true &&
        left.fields.every(({ type }) => type !== 'number') &&
        right.fields.some(({ type }) => type === 'number'),
      partial: [left, right].some((one) => one.partial === true || one.grouped === true),
      fields: [...left.fields, ...demoted(right.fields)],
      bare: false,
      weight: left.weight * right.weight,
    },
    left.split === true && right.split === true ? ['parts with parts'] : [],
  );
}

/** Such an item is spread by combine. */
export const isList = ({ bare, fields }: PoolChannel): boolean => bare && (fields[0]!.type === 'paths' || fields[0]!.type === 'list');

export function sameKeyed(draft: Draft): [PoolChannel, PoolChannel] | undefined {
  const left = choose(
    draft,
    queues(draft, (one) => keyed(one) && one.fields.length > 1),
  );
  if (left === undefined) return undefined;
  const right = choose(
    draft,
    queues(
      draft,
      (one) => one !== left && keyed(one) && one.fields.length > 1 && one.fields.length < 4 && firstKey(one).kind === firstKey(left).kind,
    ),
  );
  return right === undefined ? undefined : [left, right];
}

/** The key of whichever came later: a group key where one of them is. */
export function commonKey(left: PoolChannel, right: PoolChannel): Key {
  return key(firstKey(left).kind, firstKey(left).sized || firstKey(right).sized);
}

export function meetingTraits(left: PoolChannel, right: PoolChannel): Trait[] {
  return firstKey(left).sized === firstKey(right).sized && left.mixed !== true && right.mixed !== true ? [] : ['group key meets plain key'];
}

export function join(draft: Draft): void {
  const both = sameKeyed(draft);
  if (both === undefined) return;
  const [left, right] = both;
  const fields = [commonKey(left, right), ...left.fields.slice(1), ...right.fields.slice(1)];
  const weight = Math.min(left.weight, right.weight);
  const distinct = left.distinct && right.distinct;
  // Which goes with which is decided by who comes first: rare in pipelines that work.
  if (!distinct && draft.random.chance(0.85)) return;
  const traits: Trait[] = [...(distinct ? [] : (['repeated keys joined'] as const)), ...meetingTraits(left, right)];
  // With remainder, a side that is missing is one null, however many parts it has.
  if (draft.random.chance(0.7) || left.fields.length !== 2 || right.fields.length !== 2) {
    derive(
      draft,
      'joined',
      `${left.name}.join(${right.name})`,
      [left, right],
      {
        fields,
        weight,
        distinct,
        partial: left.grouped === true || right.grouped === true || left.partial === true || right.partial === true,
        mixed: left.mixed === true || right.mixed === true || firstKey(left).sized !== firstKey(right).sized,
      },
      traits,
    );
    return;
  }
  // A mate that is missing is no file.
  const names = partNames(fields);
  const made = [names[0], ...names.slice(1).map((name) => `${name} ?: []`)].join(', ');
  derive(
    draft,
    'joined',
    `${left.name}.join(${right.name}, remainder: true).map { ${names.join(', ')} -> [${made}] }`,
    [left, right],
    {
      fields: fields.map((field, at) =>
        at === 0 ? field : field.type === 'path' || field.type === 'paths' ? paths(false) : { type: 'list' },
      ),
      weight: left.weight + right.weight,
      distinct,
    },
    [...traits, 'remainder'],
  );
}

export function combineBy(draft: Draft): void {
  const both = sameKeyed(draft);
  if (both === undefined || both[0].weight * both[1].weight > HEAVIEST * 2) return;
  const [left, right] = both;
  derive(
    draft,
    'combined',
    `${left.name}.combine(${right.name}, by: 0)`,
    [left, right],
    {
      fields: [commonKey(left, right), ...left.fields.slice(1), ...right.fields.slice(1)],
      partial: true,
      mixed: left.mixed === true || right.mixed === true || firstKey(left).sized !== firstKey(right).sized,
      distinct: left.distinct && right.distinct,
      weight: left.weight * right.weight,
    },
    [...(left.distinct || right.distinct ? [] : (['repeated keys joined'] as const)), ...meetingTraits(left, right)],
  );
}

export function cross(draft: Draft): void {
  const both = sameKeyed(draft);
  if (both === undefined) return;
  const [left, right] = both;
  derive(
    draft,
    'crossed',
    `${left.name}.cross(${right.name}).map { one, other -> [one[0], one[1], other[1]] }`,
    [left, right],
    {
      partial: true,
      mixed: left.mixed === true || right.mixed === true || firstKey(left).sized !== firstKey(right).sized,
      fields: [left.fields[0]!, left.fields[1]!, right.fields[1]!],
      weight: right.weight,
    },
    [...(left.distinct ? [] : (['repeated keys joined'] as const)), ...meetingTraits(left, right)],
  );
}

export function mixture(operator: 'mix' | 'concat' | 'merge') {
  return (draft: Draft): void => {
    const left = choose(draft, queues(draft));
    if (left === undefined) return;
    const others = draft.pool.filter(
      (one) => one !== left && one.kind === 'queue' && (operator === 'merge' ? one.bare && !isList(one) : sameShape(one, left)),
    );
    if (others.length === 0 || (operator === 'merge' && (!left.bare || isList(left)))) return;
    const right = draft.random.pick(others);
    if (left.weight + right.weight > HEAVIEST) return;
    const sized = (fields: readonly Field[], other: readonly Field[]): Field[] =>
      fields.map((field, at) => (field.type === 'key' && (other[at] as Key).sized ? { ...field, sized: true } : field));
    derive(
      draft,
      operator === 'mix' ? 'all' : operator === 'concat' ? 'ordered' : 'merged',
      `${left.name}.${operator}(${right.name})`,
      [left, right],
      {
        fields: operator === 'merge' ? [...left.fields, ...demoted(right.fields)] : sized(left.fields, right.fields),
        bare: operator === 'merge' ? false : left.bare,
        mixed: operator !== 'merge' || left.mixed === true,
        barred: operator === 'concat' || left.barred === true || right.barred === true,
        weight: operator === 'merge' ? Math.min(left.weight, right.weight) : left.weight + right.weight,
      },
      operator === 'merge' ? ['unpaired'] : [],
    );
  };
}
