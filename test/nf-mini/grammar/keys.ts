/** Keys: made coarser, wrapped with the size of their group, touched, and grouped by. */
import type { Draft, Field } from '../generate.ts';
import { choose, derive, firstKey, type Key, key, keyed, parameters, partNames, queues } from './parts.ts';

/** What a key can be made of: finer to coarser. */
export const COARSER: Readonly<Record<Key['kind'], readonly { kind: Key['kind']; texts: readonly ((name: string) => string)[] }[]>> = {
  row: [
    {
      kind: 'sample',
      texts: [
        (name) => `${name}.subMap('id', 'patient', 'n_lanes')`,
        (name) => `${name} - ${name}.subMap('lane')`,
        (name) => `[id: ${name}.id, patient: ${name}.patient, n_lanes: ${name}.n_lanes]`,
        (name) => `${name}.findAll { k, v -> k != 'lane' }`,
      ],
    },
    { kind: 'id', texts: [(name) => `${name}.id`] },
    { kind: 'patient', texts: [(name) => `${name}.patient`] },
  ],
  sample: [
    { kind: 'id', texts: [(name) => `${name}.id`] },
    { kind: 'patient', texts: [(name) => `${name}.patient`] },
  ],
  id: [],
  patient: [],
  pair: [],
  region: [],
};

export function rekey(draft: Draft): void {
  const source = choose(
    draft,
    queues(draft, (one) => keyed(one) && COARSER[firstKey(one).kind].length > 0),
  );
  if (source === undefined) return;
  const names = partNames(source.fields);
  const from = firstKey(source);
  const { kind, texts } = draft.random.weighted(COARSER[from.kind], (one) => (one.kind === 'sample' ? 4 : 1));
  let text = draft.random.pick(texts)(names[0]!);
  let sized = false;
  // n_lanes is the number of rows of a sample.
  const right = source.distinct;
  if (kind !== 'patient' && from.kind === 'row' && draft.random.chance(right ? 0.5 : 0.05)) {
    text = `groupKey(${text}, ${names[0]}.n_lanes)`;
    sized = true;
  }
  derive(
    draft,
    kind,
    `${source.name}.map { ${parameters(source)} -> [${[text, ...names.slice(1)].join(', ')}] }`,
    [source],
    {
      sizeHolds: sized && right,
      fields: [key(kind, sized), ...source.fields.slice(1)],
      family: source.family,
    },
    sized && !right ? ['wrong size'] : [],
  );
}

/** A group key that is touched is a plain one again. */
export function touchKey(draft: Draft): void {
  const source = choose(
    draft,
    queues(draft, (one) => keyed(one) && firstKey(one).sized && one.mixed !== true),
  );
  if (source === undefined) return;
  const names = partNames(source.fields);
  const { kind } = firstKey(source);
  const text = kind === 'sample' || kind === 'row' ? `${names[0]} + [n_lanes: ${names[0]}.n_lanes]` : `${names[0]}.toString()`;
  const lost = draft.random.chance(0.7);
  derive(
    draft,
    'keyed',
    `${source.name}.map { ${parameters(source)} -> [${[lost ? text : `${names[0]}.getGroupTarget()`, ...names.slice(1)].join(', ')}] }`,
    [source],
    {
      fields: [key(kind), ...source.fields.slice(1)],
      distinct: source.distinct,
      family: source.family,
    },
  );
}

export function sizeByNumber(draft: Draft): void {
  const source = choose(
    draft,
    queues(draft, (one) => keyed(one) && !firstKey(one).sized && one.fields.some(({ type }) => type === 'number')),
  );
  if (source === undefined) return;
  const names = partNames(source.fields);
  const at = source.fields.findIndex(({ type }) => type === 'number');
  const rest = names.filter((_, index) => index !== 0 && index !== at);
  if (rest.length === 0) return;
  derive(
    draft,
    'sized',
    `${source.name}.map { ${parameters(source)} -> [groupKey(${names[0]}, ${names[at]}), ${rest.join(', ')}] }`,
    [source],
    {
      sizeHolds: source.scattered === true,
      fields: [key(firstKey(source).kind, true), ...source.fields.filter((_, index) => index !== 0 && index !== at)],
      distinct: source.distinct,
      family: source.family,
    },
  );
}

export function group(draft: Draft): void {
  const source = choose(
    draft,
    queues(draft, (one) => keyed(one) && one.fields.length > 1 && one.fields.slice(1).every(({ type }) => type !== 'paths')),
  );
  if (source === undefined) return;
  // A key that was grouped by, and is still sized, is not the size of groups of its groups.
  const stale = firstKey(source).sized && source.sizeHolds !== true;
  if (stale && draft.random.chance(0.8)) return;
  const options = draft.random.weighted(['', 'size: 2', 'size: 2, remainder: true', 'by: 0', 'remainder: true'], (one) =>
    one === '' ? 8 : one === 'by: 0' ? 2 : 1,
  );
  derive(
    draft,
    'grouped',
    `${source.name}.groupTuple(${options})`,
    [source],
    {
      barred: true,
      grouped: true,
      distinct: options === '' || options === 'by: 0' || options === 'remainder: true',
      fields: [
        source.fields[0]!,
        ...source.fields
          .slice(1)
          .map((field): Field => (field.type === 'path' ? { type: 'paths', certain: true, gathered: true } : { type: 'list' })),
      ],
    },
    [...(stale || options.startsWith('size') ? (['wrong size'] as const) : [])],
  );
}
