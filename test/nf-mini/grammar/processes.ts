/** A process and its call. */
import type { Draft, Field, PoolChannel, Trait } from '../generate.ts';
import { choose, HEAVIEST, type Key, PATH, partNames, paths, push, queues, textOf, unused, WORD } from './parts.ts';

export const PROCESS_NAMES = (
  'FASTQC TRIM ALIGN SORT INDEX MARKDUP CALL ANNOTATE FILTER_VCF QUANTIFY ASSEMBLE POLISH BIN CLASSIFY COVERAGE STATS NORMALIZE PHASE ' +
  'GENOTYPE RECALIBRATE SUMMARIZE PLOT MULTIQC CONVERT SPLIT MERGE DEDUP CLUSTER SUBSAMPLE SCREEN'
).split(' ');

export interface Output {
  readonly declaration: string;
  readonly emit: string;
  readonly fields: readonly Field[];
}

export function declareInput(channel: PoolChannel, names: readonly string[], each: boolean): string {
  const parts = channel.fields.map((field, at) => {
    const { type } = field;
    return type === 'path' || type === 'paths' ? `path(${names[at]})` : `val(${names[at]})`;
  });
  if (each) return `each ${names[0]}`;
  return channel.bare ? parts[0]! : `tuple ${parts.join(', ')}`;
}

export function addProcess(draft: Draft): void {
  const { random } = draft;
  const name = unused(draft, random.pick(PROCESS_NAMES));
  const inputs: { channel: PoolChannel; names: string[]; each: boolean }[] = [];
  const taken = new Set<string>();
  const take = (channel: PoolChannel, each = false): void => {
    const names = partNames(channel.fields).map((base) => {
      let one = base;
      for (let number = 2; taken.has(one); number++) one = `${base}_${number}`;
      taken.add(one);
      return one;
    });
    inputs.push({ channel, names, each });
  };
  const values = draft.pool.filter(({ kind, bare }) => kind === 'value' && bare);
  const main = random.chance(0.92) ? choose(draft, queues(draft)) : undefined;
  if (main !== undefined) take(main);
  if (main !== undefined && random.chance(0.15)) {
    const kin = queues(draft, (one) => one !== main && one.family !== undefined && one.family === main.family);
    const second =
      kin.length > 0
        ? random.pick(kin)
        : random.chance(0.4)
          ? choose(
              draft,
              queues(draft, (one) => one !== main),
            )
          : undefined;
    if (second !== undefined) take(second);
  }
  for (let more = random.between(0, 2); more > 0 && values.length > 0; more--) {
    const value = random.pick(values);
    if (!inputs.some(({ channel }) => channel === value)) take(value);
  }
  const weight = inputs.reduce((product, { channel }) => product * channel.weight, 1);
  if (random.chance(0.05)) {
    const repeated = choose(
      draft,
      queues(draft, ({ bare, fields, weight: one }) => bare && fields[0]!.type === 'word' && one * weight < HEAVIEST),
    );
    if (repeated !== undefined && !inputs.some(({ channel }) => channel === repeated)) take(repeated, true);
  }
  const [head] = inputs;
  const each = inputs.some((one) => one.each);
  const kind = inputs.every(({ channel }) => channel.kind === 'value') && !each ? 'value' : 'queue';
  const fair = random.chance(0.03);
  const asked = random.chance(0.03) && head?.channel.fields[0]?.type === 'key' && (head.channel.fields[0] as Key).kind === 'row';

  const kept: { field: Field; name: string }[] = [];
  if (head !== undefined && !head.channel.bare)
    head.channel.fields.forEach((field, at) => {
      if (
        (at === 0 && field.type === 'key') ||
        (field.type === 'number' && random.chance(0.8)) ||
        (field.type === 'word' && random.chance(0.5))
      )
        kept.push({ field, name: head.names[at]! });
    });
  const extension = name.toLowerCase().slice(0, 4);
  const stem = kept.length > 0 ? textOf(kept[0]!.field, kept[0]!.name) : 'all';
  const outputs: Output[] = [];
  const script: string[] = [];
  const outputOf = (emit: string, pattern: string, field: Field, options: string): void => {
    const parts = [...kept.map((one) => `val(${one.name})`), `path(${pattern})`];
    // `path(x, arity: y), emit: z` is refused.
    const declared = parts.length === 1 ? `path ${pattern}` : `tuple ${parts.join(', ')}`;
    outputs.push({ declaration: `${declared}, emit: ${emit}${options}`, emit, fields: [...kept.map((one) => one.field), field] });
  };
  const shape = random.weighted(
    ['one', 'many', 'arity', 'optional', 'word'],
    (one) => ({ one: 10, many: 1.5, arity: 1.5, optional: 1.5, word: 1 })[one]!,
  );
  const several = `for i in \\$(seq 1 \${params.files}); do touch "${stem}.\\$i.${extension}"; done`;
  if (shape === 'one') {
    outputOf('out', `"${stem}.${extension}"`, PATH, '');
    script.push(`touch "${stem}.${extension}"`);
  } else if (shape === 'many') {
    script.push(several);
    outputOf('out', `"${stem}.*.${extension}"`, paths(false), '');
    draft.fileCounts.set(`${name}/out`, [1, 2, 3]);
  } else if (shape === 'arity') {
    script.push(several);
    outputOf('out', `"${stem}.*.${extension}", arity: '1..*'`, paths(true), '');
    draft.fileCounts.set(`${name}/out`, [1, 2, 3]);
  } else if (shape === 'optional') {
    script.push(`if [ \${params.files} -gt 1 ]; then touch "${stem}.${extension}"; fi`);
    outputOf('out', `"${stem}.${extension}"`, PATH, ', optional: true');
    draft.fileCounts.set(`${name}/out`, [0, 1]);
  } else {
    const parts = [...kept.map((one) => `val(${one.name})`), "val('done')"];
    outputs.push({
      declaration: `${parts.length === 1 ? parts[0] : `tuple ${parts.join(', ')}`}, emit: out`,
      emit: 'out',
      fields: [...kept.map((one) => one.field), WORD],
    });
  }
  if (random.chance(0.3)) {
    outputs.push({ declaration: "path 'versions.yml', emit: versions", emit: 'versions', fields: [PATH] });
    script.push('touch versions.yml');
  } else if (random.chance(0.2)) {
    outputOf('log', `"${stem}.log"`, PATH, '');
    script.push(`touch "${stem}.log"`);
  }
  script.push('true');

  const indented = (lines: readonly string[]): string[] => lines.map((line) => `    ${line}`);
  const definition = [
    `process ${name} {`,
    ...(fair ? ['    fair true', ''] : []),
    ...(inputs.length > 0 ? ['    input:', ...indented(inputs.map((one) => declareInput(one.channel, one.names, one.each))), ''] : []),
    '    output:',
    ...indented(outputs.map(({ declaration }) => declaration)),
    '',
    ...(asked ? ['    when:', `    ${head!.names[0]}.lane != 'L2'`, ''] : []),
    '    script:',
    '    """',
    ...indented(script),
    '    """',
    '}',
  ].join('\n');
  const args = inputs.map(({ channel }) => channel.name).join(', ');
  const queued = inputs.filter(({ channel, each: repeated }) => channel.kind === 'queue' && !repeated);
  const traits: Trait[] = [
    ...(fair ? (['fair'] as const) : []),
    ...(asked ? (['when'] as const) : []),
    ...(each ? (['each'] as const) : []),
    ...(shape === 'optional' ? (['optional'] as const) : []),
    ...(queued.some(({ channel }) => channel.family === undefined || channel.family !== queued[0]!.channel.family) && queued.length > 1
      ? (['unpaired'] as const)
      : []),
  ];
  const line = inputs.length === 1 && random.chance(0.2) && head!.channel.kind === 'queue' ? `${args} | ${name}` : `${name}(${args})`;
  push(
    draft,
    { uses: inputs.map(({ channel }) => channel.name), lines: [line], definitions: [definition], processes: 1, traits },
    outputs.map(({ emit, fields }) => ({
      name: `${name}.out.${emit}`,
      kind,
      fields,
      bare: fields.length === 1,
      family: fair && !each ? head?.channel.family : undefined,
      distinct: !each && head?.channel.distinct === true,
      mixed: inputs.some(({ channel }) => channel.mixed === true),
      grouped: inputs.some(({ channel }) => channel.grouped === true),
      partial: inputs.some(({ channel }) => channel.partial === true),
      split: inputs.some(({ channel }) => channel.split === true),
      scattered: !each && queued.length === 1 && head?.channel.scattered === true,
      sizeHolds: !each && queued.length === 1 && head?.channel.sizeHolds === true,
      weight,
    })),
  );
}
