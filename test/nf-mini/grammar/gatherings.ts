/** Many items made few. */
import type { Draft, Field, Trait } from '../generate.ts';
import { apartTraits } from './apart.ts';
import { choose, derive, firstKey, key, keyed, NUMBER, parameters, partNames, paths, queues } from './parts.ts';

export function gather(draft: Draft): void {
  const source = choose(draft, queues(draft));
  if (source === undefined) return;
  const { random } = draft;
  const names = source.bare ? ['it'] : partNames(source.fields);
  const at = source.bare ? 0 : random.between(0, source.fields.length - 1);
  const field = source.fields[at]!;
  const picked = source.bare ? '' : ` { ${parameters(source)} -> ${names[at]} }`;
  const made = random.weighted(
    ['collect', 'toList', 'toSortedList', 'count', 'first', 'last'],
    (one) => ({ collect: 8, toList: 1, toSortedList: 0.5, count: 1, first: 2, last: 0.3 })[one]!,
  );
  const value = { kind: 'value', bare: true, barred: true, weight: 1 } as const;
  if (made === 'collect') {
    const inner = field.type === 'path' || field.type === 'paths' ? paths(true) : ({ type: 'list' } as const);
    derive(
      draft,
      'collected',
      random.chance(0.5) || source.bare
        ? `${source.name}.collect${picked}${picked === '' ? '()' : ''}`
        : `${source.name}.map${picked}.collect()`,
      [source],
      {
        ...value,
        fields: [inner],
      },
    );
  } else if (made === 'first')
    derive(
      draft,
      'first',
      `${source.name}.first()`,
      [source],
      { kind: 'value', weight: 1 },
      source.barred === true ? ['chosen behind a barrier'] : [],
    );
  else if (made === 'count') derive(draft, 'number', `${source.name}.count()`, [source], { ...value, fields: [NUMBER] });
  else if (source.bare && field.type !== 'paths' && field.type !== 'list')
    derive(draft, 'list', `${source.name}.${made}()`, [source], {
      ...value,
      fields: [made === 'last' ? field : field.type === 'path' ? paths(true) : { type: 'list' }],
    });
}

export function thin(draft: Draft): void {
  const source = choose(draft, queues(draft));
  if (source === undefined) return;
  const { random } = draft;
  if (source.bare && source.fields[0]!.type !== 'paths' && random.chance(0.4)) {
    const fields: Field[] = [source.fields[0]!.type === 'path' ? paths(true) : { type: 'list' }];
    const made = random.pick(['collate(2)', 'buffer(size: 2)', 'buffer(size: 2, remainder: true)']);
    derive(draft, 'batches', `${source.name}.${made}`, [source], { fields, partial: true }, [
      ...(made === 'buffer(size: 2)' ? [] : (['remainder'] as const)),
      ...(source.mixed === true || source.partial === true ? (['batches of fewer'] as const) : []),
    ]);
  } else if (source.bare && random.chance(0.3) && source.fields[0]!.type === 'word')
    derive(draft, 'or_none', `${source.name}.ifEmpty('none')`, [source], {});
  else if (source.bare && source.fields[0]!.type === 'path' && random.chance(0.5))
    derive(draft, 'table', `${source.name}.collectFile(name: 'all.tsv')`, [source], { weight: 1 });
  else {
    const made = random.pick(['take(2)', 'unique()', 'distinct()', 'take(1)', 'view()', 'map { it }', 'mix(channel.empty())']);
    const traits: Trait[] = made.startsWith('take') ? ['take'] : made === 'distinct()' ? ['distinct'] : [];
    if (source.barred === true && /take|unique|distinct/.test(made)) traits.push('chosen behind a barrier');
    if (made === 'unique()' && source.mixed === true) traits.push('mixed and taken apart');
    derive(draft, 'some', `${source.name}.${made}`, [source], made === 'unique()' ? { grouped: true } : {}, traits);
  }
}

export function keysOnly(draft: Draft): void {
  const source = choose(
    draft,
    queues(draft, (one) => keyed(one) && (firstKey(one).kind === 'row' || firstKey(one).kind === 'sample')),
  );
  if (source === undefined) return;
  const names = partNames(source.fields);
  const patient = draft.random.chance(0.5);
  derive(
    draft,
    'names',
    `${source.name}.map { ${parameters(source)} -> ${names[0]}.${patient ? 'patient' : 'id'} }.unique()`,
    [source],
    {
      grouped: true,
      fields: [key(patient ? 'patient' : 'id')],
      bare: true,
    },
    [...apartTraits(source), ...(source.barred === true ? (['chosen behind a barrier'] as const) : [])],
  );
}
