/** What the steps of the grammar share: shapes of items, names, and how a step is added. */
import type { Draft, Field, PoolChannel, Step, Trait } from '../generate.ts';

export const HEAVIEST = 150;
export type Key = Extract<Field, { type: 'key' }>;
export const key = (kind: Key['kind'], sized = false): Key => ({ type: 'key', kind, sized });
export const PATH: Field = { type: 'path' };
export const WORD: Field = { type: 'word' };
export const NUMBER: Field = { type: 'number' };
export const paths = (certain: boolean): Field => ({ type: 'paths', certain });

export function unused(draft: Draft, base: string): string {
  let name = base;
  for (let number = 2; draft.names.has(name); number++) name = `${base}_${number}`;
  draft.names.add(name);
  return name;
}

export function push(draft: Draft, step: Partial<Step> & Pick<Step, 'lines'>, made: readonly PoolChannel[]): void {
  draft.steps.push({
    uses: [],
    definitions: [],
    includes: [],
    files: {},
    processes: 0,
    traits: [],
    ...step,
    defines: made.map(({ name }) => name),
  });
  draft.pool.push(...made);
}

/** `ch_x = <text>` of some channels. */
export function derive(
  draft: Draft,
  base: string,
  text: string,
  from: readonly PoolChannel[],
  shape: Partial<PoolChannel>,
  traits: readonly Trait[] = [],
): void {
  const source = from[0]!;
  const name = unused(draft, `ch_${base}`);
  const style = draft.random.between(0, 9);
  const line = style === 0 ? `${text}.set { ${name} }` : `${name} = ${text}`;
  push(draft, { uses: from.map((one) => one.name), lines: [line], traits }, [
    {
      name,
      kind: source.kind,
      fields: source.fields,
      bare: source.bare,
      family: undefined,
      distinct: false,
      weight: source.weight,
      mixed: from.some((one) => one.mixed === true),
      grouped: from.some((one) => one.grouped === true),
      barred: from.some((one) => one.barred === true),
      partial: from.some((one) => one.partial === true),
      split: from.some((one) => one.split === true),
      ...shape,
    },
  ]);
}

export function queues(draft: Draft, fits: (channel: PoolChannel) => boolean = () => true): PoolChannel[] {
  return draft.pool.filter((channel) => channel.kind === 'queue' && fits(channel));
}

/** Late ones rather than early ones: pipelines are chains. */
export function choose(draft: Draft, channels: readonly PoolChannel[]): PoolChannel | undefined {
  if (channels.length === 0) return undefined;
  return draft.random.weighted(channels, (channel) => 1 + channels.indexOf(channel));
}

export const tuple = (channel: PoolChannel): boolean => !channel.bare;
export const keyed = (channel: PoolChannel): boolean => tuple(channel) && channel.fields[0]!.type === 'key';
export const firstKey = (channel: PoolChannel): Key => channel.fields[0] as Key;

/** Names for the parts of an item, as people call them. */
export function partNames(fields: readonly Field[]): string[] {
  const seen = new Map<string, number>();
  return fields.map((field) => {
    const base =
      field.type === 'key'
        ? field.kind === 'row' || field.kind === 'sample'
          ? 'meta'
          : field.kind
        : { path: 'file', paths: 'files', word: 'word', number: 'size', list: 'items' }[field.type];
    const count = (seen.get(base) ?? 0) + 1;
    seen.set(base, count);
    return field.type === 'path' || count > 1 ? `${base}${count}` : base;
  });
}

export function parameters(channel: PoolChannel): string {
  return channel.bare ? 'it' : partNames(channel.fields).join(', ');
}

export function sameShape(one: PoolChannel, other: PoolChannel): boolean {
  const text = ({ fields, bare }: PoolChannel): string => JSON.stringify([bare, fields.map((field) => ({ ...field, sized: false }))]);
  return text(one) === text(other);
}

/** One may be given where the other was meant, and nothing is different of what is done with it. */
export function sameKind(one: PoolChannel, other: PoolChannel): boolean {
  const text = ({ name: _, family: _family, weight: _weight, ...rest }: PoolChannel): string =>
    JSON.stringify(
      Object.entries(rest)
        .filter(([, value]) => value !== undefined && value !== false)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  return text(one) === text(other);
}

/** How a part is written into a file's name. */
export function textOf(field: Field, name: string): string {
  if (field.type !== 'key') return field.type === 'path' ? `\${${name}.simpleName}` : `\${${name}}`;
  if (field.kind === 'row') return `\${${name}.id}.\${${name}.lane}`;
  return field.kind === 'sample' ? `\${${name}.id}` : `\${${name}}`;
}
