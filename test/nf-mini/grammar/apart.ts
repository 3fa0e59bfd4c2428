/** Lists taken apart. */
import type { Draft, Field, PoolChannel, Trait } from '../generate.ts';
import { choose, derive, firstKey, key, keyed, PATH, partNames, queues, tuple, WORD } from './parts.ts';

export function apartTraits(source: PoolChannel, renewed = false): Trait[] {
  const made = renewed || source.fields.some((field) => field.type === 'paths' && field.gathered !== true);
  return [
    ...(source.mixed === true || source.partial === true ? (['mixed and taken apart'] as const) : []),
    ...(source.grouped === true && made ? (['several of each group'] as const) : []),
  ];
}

export function transpose(draft: Draft): void {
  const source = choose(
    draft,
    queues(draft, (one) => tuple(one) && one.fields.some(({ type }) => type === 'paths' || type === 'list')),
  );
  if (source === undefined) return;
  derive(
    draft,
    'chunks',
    `${source.name}.transpose()`,
    [source],
    {
      split: true,
      fields: source.fields.map((field) => (field.type === 'paths' ? PATH : field.type === 'list' ? WORD : field)),
      weight: source.weight * 2,
    },
    apartTraits(source),
  );
}

export function flatten(draft: Draft): void {
  const source = choose(
    draft,
    draft.pool.filter(({ bare, fields }) => bare && fields[0]!.type === 'paths'),
  );
  if (source === undefined) return;
  derive(
    draft,
    'files',
    `${asChannel(source)}.flatten()`,
    [source],
    { kind: 'queue', split: true, fields: [PATH], weight: source.weight * 2 },
    apartTraits(source, true),
  );
}

/** A plain file is no channel. */
export function asChannel(channel: PoolChannel): string {
  return channel.plain === true ? `channel.value(${channel.name})` : channel.name;
}

export function flatMapPaths(draft: Draft): void {
  const source = choose(
    draft,
    queues(draft, (one) => keyed(one) && one.fields.length === 2 && isCertain(one.fields[1]!)),
  );
  if (source === undefined) return;
  const [name, files] = partNames(source.fields);
  const sized = draft.random.chance(0.6) && !firstKey(source).sized;
  const made = sized ? `groupKey(${name}, ${files}.size())` : name;
  derive(
    draft,
    'each',
    `${source.name}.flatMap { ${name}, ${files} -> ${files}.collect { one -> [${made}, one] } }`,
    [source],
    {
      sizeHolds: sized && source.distinct,
      split: true,
      fields: [key(firstKey(source).kind, sized || firstKey(source).sized), PATH],
      weight: source.weight * 2,
    },
    apartTraits(source, true),
  );
}

export function isCertain(field: Field): boolean {
  return field.type === 'paths' && field.certain;
}
