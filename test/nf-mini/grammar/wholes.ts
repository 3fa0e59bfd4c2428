/** Subworkflows and conditions: steps that hold steps. */
import { type Draft, grow, type Inner, type PoolChannel } from '../generate.ts';
import { choose, push, queues, sameKind, sameShape, unused } from './parts.ts';
import { addProcess } from './processes.ts';

export function subworkflow(draft: Draft): void {
  const { random } = draft;
  const source = choose(draft, queues(draft));
  if (source === undefined) return;
  const name = unused(draft, random.pick(['PREPARE_READS', 'CALL_VARIANTS', 'QUALITY_CONTROL', 'ASSEMBLY', 'SCATTER_GATHER']));
  const reference = random.chance(0.4)
    ? choose(
        draft,
        draft.pool.filter(({ kind, bare }) => kind === 'value' && bare),
      )
    : undefined;
  const takes: PoolChannel[] = [{ ...source, name: 'ch_in', family: 'ch_in' }];
  if (reference !== undefined) takes.push({ ...reference, name: 'ch_ref' });
  const inner: Draft = { ...draft, steps: [], pool: takes.slice(), nested: true };
  grow(inner, random.between(1, 3));
  const made = inner.pool.filter((one) => !takes.includes(one));
  if (made.length === 0) return;
  const emits = random.shuffled(made).slice(0, random.between(1, 2));
  const twin = queues(draft, (one) => one !== source && sameKind(one, source));
  const separate = random.chance(0.5) || twin.length > 0;
  const path = `${name.toLowerCase()}.nf`;
  const write: Inner['write'] = (steps) => {
    const body = [
      `workflow ${name} {`,
      '    take:',
      ...takes.map((one) => `    ${one.name}`),
      '',
      '    main:',
      ...steps.flatMap(({ lines }) => lines).map((line) => `    ${line}`),
      '',
      '    emit:',
      ...emits.map((one, at) => `    result${at + 1} = ${one.name}`),
      '}',
    ].join('\n');
    const definitions = [...steps.flatMap((step) => step.definitions), body];
    return {
      definitions: separate ? [] : definitions,
      files: separate ? { [path]: `${definitions.join('\n\n')}\n` } : {},
      processes: steps.reduce((sum, step) => sum + step.processes, 0),
      traits: steps.flatMap((step) => step.traits),
    };
  };
  const common = { ...write(inner.steps), inner: { name, steps: inner.steps, emits: emits.map((one) => one.name), write } };
  const uses = [source, ...(reference === undefined ? [] : [reference])];
  const results = (alias: string): PoolChannel[] =>
    emits.map((one, at) => ({ ...one, name: `${alias}.out.result${at + 1}`, family: one.family === 'ch_in' ? source.family : undefined }));
  const rest = reference === undefined ? '' : `, ${reference.name}`;
  if (!separate) {
    push(draft, { ...common, uses: uses.map((one) => one.name), lines: [`${name}(${source.name}${rest})`] }, results(name));
    return;
  }
  push(
    draft,
    {
      ...common,
      uses: uses.map((one) => one.name),
      includes: [`include { ${name} } from './${name.toLowerCase()}'`],
      lines: [`${name}(${source.name}${rest})`],
    },
    results(name),
  );
  if (twin.length === 0) return;
  const other = random.pick(twin);
  const alias = unused(draft, `${name}_AGAIN`);
  push(
    draft,
    {
      ...common,
      uses: [other, ...uses.slice(1)].map((one) => one.name),
      includes: [`include { ${name} as ${alias} } from './${name.toLowerCase()}'`],
      lines: [`${alias}(${other.name}${rest})`],
    },
    results(alias),
  );
}

/** Something that only some runs do. */
export function conditional(draft: Draft): void {
  const source = choose(draft, queues(draft));
  if (source === undefined) return;
  const inner: Draft = { ...draft, steps: [], pool: [source], nested: true };
  addProcess(inner);
  const step = inner.steps[0];
  if (step === undefined) return;
  const same = inner.pool.filter((one) => one !== source && one.kind === 'queue' && sameShape(one, source));
  const name = unused(draft, 'ch_deep');
  const lines =
    same.length > 0
      ? [
          `${name} = ${source.name}`,
          'if (params.deep) {',
          ...step.lines.map((line) => `    ${line}`),
          `    ${name} = ${name}.mix(${same[0]!.name})`,
          '}',
        ]
      : ['if (params.deep) {', ...step.lines.map((line) => `    ${line}`), '}'];
  push(
    draft,
    { uses: step.uses, lines, definitions: step.definitions, processes: 1, traits: step.traits },
    same.length > 0
      ? [{ ...source, name, family: undefined, distinct: false, sizeHolds: false, mixed: true, weight: source.weight * 2 }]
      : [],
  );
}
