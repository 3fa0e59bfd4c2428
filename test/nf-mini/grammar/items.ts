/** Items one by one: parts kept and added, items chosen and sent different ways. */
import type { Draft, Field } from '../generate.ts';
import { choose, derive, keyed, parameters, partNames, push, queues, tuple, unused, WORD } from './parts.ts';

export function keepSome(draft: Draft): void {
  const source = choose(
    draft,
    queues(draft, (one) => tuple(one)),
  );
  if (source === undefined) return;
  const names = partNames(source.fields);
  const keep = source.fields.map((_, at) => at).filter(() => draft.random.chance(0.6));
  if (keep.length === 0) return;
  const text = keep.length === 1 ? names[keep[0]!]! : `[${keep.map((at) => names[at]).join(', ')}]`;
  const style = keep.length === 1 && draft.random.chance(0.3) ? `it[${keep[0]}]` : undefined;
  derive(
    draft,
    'parts',
    style === undefined ? `${source.name}.map { ${parameters(source)} -> ${text} }` : `${source.name}.map { ${style} }`,
    [source],
    {
      sizeHolds: source.sizeHolds === true && keep[0] === 0,
      fields: keep.map((at) => source.fields[at]!),
      bare: keep.length === 1,
      distinct: source.distinct && keep[0] === 0,
      family: source.family,
    },
  );
}

export function addPart(draft: Draft): void {
  const source = choose(
    draft,
    queues(draft, (one) => one.fields.length < 4),
  );
  if (source === undefined) return;
  const names = source.bare ? ['it'] : partNames(source.fields);
  derive(
    draft,
    'labelled',
    `${source.name}.map { ${source.bare ? '' : `${parameters(source)} -> `}[${[...names, "'wgs'"].join(', ')}] }`,
    [source],
    {
      sizeHolds: source.sizeHolds === true,
      fields: [...source.fields, WORD],
      bare: false,
      distinct: source.distinct,
      family: source.family,
    },
  );
}

export function condition(draft: Draft, field: Field, name: string): string | undefined {
  const { random } = draft;
  if (field.type === 'word') return `${name} != '${random.pick(['bwa', 'wgs', 'done'])}'`;
  if (field.type !== 'key') return undefined;
  // A group key equals a word, but not the other way round: see fixtures/tasks/group-key-in-conditions.
  const word = field.sized ? `${name}.toString()` : name;
  switch (field.kind) {
    case 'row':
      return random.pick([`${name}.lane != 'L2'`, `${name}.n_lanes > 1`, `${name}.id == 's0'`, `${name}.patient in ['p0', 'p2']`]);
    case 'sample':
      return random.pick([`${name}.n_lanes > 1`, `${name}.id != 's1'`]);
    case 'id':
      return `${word} != 's1'`;
    case 'patient':
      return `${word} == 'p0'`;
    default:
      return `${word} != 's0'`;
  }
}

export function filter(draft: Draft): void {
  const source = choose(
    draft,
    queues(draft, ({ fields }) => fields[0]!.type === 'key' || fields[0]!.type === 'word'),
  );
  if (source === undefined) return;
  const names = source.bare ? ['it'] : partNames(source.fields);
  const text = condition(draft, source.fields[0]!, names[0]!);
  if (text === undefined) return;
  derive(draft, 'kept', `${source.name}.filter { ${source.bare ? '' : `${parameters(source)} -> `}${text} }`, [source], {
    sizeHolds: source.sizeHolds === true,
    partial: true,
    distinct: source.distinct,
  });
}

export function branch(draft: Draft): void {
  const source = choose(draft, queues(draft, keyed));
  if (source === undefined) return;
  const names = partNames(source.fields);
  const text = condition(draft, source.fields[0]!, names[0]!)!;
  const name = unused(draft, 'ch_by_kind');
  const whole = draft.random.chance(0.7);
  const rest = whole ? 'true' : (condition(draft, source.fields[0]!, names[0]!) ?? 'true');
  const shape = {
    kind: 'queue',
    fields: source.fields,
    bare: source.bare,
    family: undefined,
    distinct: source.distinct,
    sizeHolds: source.sizeHolds === true,
    mixed: source.mixed === true,
    partial: true,
    split: source.split === true,
    grouped: source.grouped === true,
    barred: source.barred === true,
    weight: source.weight,
  } as const;
  push(
    draft,
    {
      uses: [source.name],
      lines: [`${source.name}.branch { ${parameters(source)} ->`, `    chosen: ${text}`, `    other: ${rest}`, `}.set { ${name} }`],
    },
    [
      { ...shape, name: `${name}.chosen` },
      { ...shape, name: `${name}.other` },
    ],
  );
}

export function multiMap(draft: Draft): void {
  const source = choose(
    draft,
    queues(draft, (one) => keyed(one) && one.fields.length > 1),
  );
  if (source === undefined) return;
  const names = partNames(source.fields);
  const name = unused(draft, 'ch_apart');
  const shape = {
    kind: 'queue',
    bare: true,
    family: source.family ?? name,
    distinct: false,
    mixed: source.mixed === true,
    partial: true,
    split: source.split === true,
    grouped: source.grouped === true,
    barred: source.barred === true,
    weight: source.weight,
  } as const;
  const last = source.fields.length - 1;
  push(
    draft,
    {
      uses: [source.name],
      lines: [
        `${source.name}.multiMap { ${parameters(source)} ->`,
        `    names: ${names[0]}`,
        `    files: ${names[last]}`,
        `}.set { ${name} }`,
      ],
    },
    [
      { ...shape, name: `${name}.names`, fields: [source.fields[0]!] },
      { ...shape, name: `${name}.files`, fields: [source.fields[last]!] },
    ],
  );
}
