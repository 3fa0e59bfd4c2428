/** The grammar of generated pipelines: each entry adds one step, or does nothing where it does not fit. */
import { type Draft, type Field, grow, type Inner, type PoolChannel, type Step, type Trait } from './generate.ts';

export interface StepKind {
  readonly weight: number;
  readonly when: (draft: Draft) => boolean;
  readonly add: (draft: Draft) => void;
}

const HEAVIEST = 150;
type Key = Extract<Field, { type: 'key' }>;
const key = (kind: Key['kind'], sized = false): Key => ({ type: 'key', kind, sized });
const PATH: Field = { type: 'path' };
const WORD: Field = { type: 'word' };
const NUMBER: Field = { type: 'number' };
const paths = (certain: boolean): Field => ({ type: 'paths', certain });

const PROCESS_NAMES = (
  'FASTQC TRIM ALIGN SORT INDEX MARKDUP CALL ANNOTATE FILTER_VCF QUANTIFY ASSEMBLE POLISH BIN CLASSIFY COVERAGE STATS NORMALIZE PHASE ' +
  'GENOTYPE RECALIBRATE SUMMARIZE PLOT MULTIQC CONVERT SPLIT MERGE DEDUP CLUSTER SUBSAMPLE SCREEN'
).split(' ');

// ------------------------------------------------------------------------------------------------------ helpers

function unused(draft: Draft, base: string): string {
  let name = base;
  for (let number = 2; draft.names.has(name); number++) name = `${base}_${number}`;
  draft.names.add(name);
  return name;
}

function push(draft: Draft, step: Partial<Step> & Pick<Step, 'lines'>, made: readonly PoolChannel[]): void {
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
function derive(
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

function queues(draft: Draft, fits: (channel: PoolChannel) => boolean = () => true): PoolChannel[] {
  return draft.pool.filter((channel) => channel.kind === 'queue' && fits(channel));
}

/** Late ones rather than early ones: pipelines are chains. */
function choose(draft: Draft, channels: readonly PoolChannel[]): PoolChannel | undefined {
  if (channels.length === 0) return undefined;
  return draft.random.weighted(channels, (channel) => 1 + channels.indexOf(channel));
}

const tuple = (channel: PoolChannel): boolean => !channel.bare;
const keyed = (channel: PoolChannel): boolean => tuple(channel) && channel.fields[0]!.type === 'key';
const firstKey = (channel: PoolChannel): Key => channel.fields[0] as Key;

/** Names for the parts of an item, as people call them. */
function partNames(fields: readonly Field[]): string[] {
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

function parameters(channel: PoolChannel): string {
  return channel.bare ? 'it' : partNames(channel.fields).join(', ');
}

function sameShape(one: PoolChannel, other: PoolChannel): boolean {
  const text = ({ fields, bare }: PoolChannel): string => JSON.stringify([bare, fields.map((field) => ({ ...field, sized: false }))]);
  return text(one) === text(other);
}

/** One may be given where the other was meant, and nothing is different of what is done with it. */
function sameKind(one: PoolChannel, other: PoolChannel): boolean {
  const text = ({ name: _, family: _family, weight: _weight, ...rest }: PoolChannel): string =>
    JSON.stringify(
      Object.entries(rest)
        .filter(([, value]) => value !== undefined && value !== false)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  return text(one) === text(other);
}

/** How a part is written into a file's name. */
function textOf(field: Field, name: string): string {
  if (field.type !== 'key') return field.type === 'path' ? `\${${name}.simpleName}` : `\${${name}}`;
  if (field.kind === 'row') return `\${${name}.id}.\${${name}.lane}`;
  return field.kind === 'sample' ? `\${${name}.id}` : `\${${name}}`;
}

// ------------------------------------------------------------------------------------------------------ sources

function sheet(draft: Draft): void {
  const name = unused(draft, 'ch_samples');
  const row = 'row -> [[id: row.id, patient: row.patient, lane: row.lane, n_lanes: row.n_lanes as int], file(row.reads)]';
  push(draft, { lines: [`${name} = channel.fromPath(params.input).splitCsv(header: true).map { ${row} }`] }, [
    { name, kind: 'queue', fields: [key('row'), PATH], bare: false, family: name, distinct: true, weight: 8 },
  ]);
}

function pairs(draft: Draft): void {
  const name = unused(draft, 'ch_pairs');
  push(draft, { lines: [`${name} = channel.fromFilePairs('pairs/*_{1,2}.fq')`] }, [
    { name, kind: 'queue', fields: [key('pair'), paths(true)], bare: false, family: name, distinct: true, weight: 4 },
  ]);
}

function intervals(draft: Draft): void {
  const name = unused(draft, 'ch_intervals');
  const common = { name, kind: 'queue', family: undefined, distinct: true, weight: 3 } as const;
  const source = "channel.fromPath('intervals/*.bed')";
  switch (draft.random.between(0, 3)) {
    case 0:
      push(draft, { lines: [`${name} = ${source}.map { bed -> [bed.baseName, bed] }`] }, [
        { ...common, fields: [key('region'), PATH], bare: false },
      ]);
      break;
    case 1:
      // How many there are is carried along, for the size of a group.
      push(draft, { lines: [`${name} = ${source}.toList().map { beds -> [beds, beds.size()] }.transpose()`] }, [
        { ...common, fields: [PATH, NUMBER], bare: false },
      ]);
      break;
    default:
      push(draft, { lines: [`${name} = ${source}`] }, [{ ...common, fields: [PATH], bare: true, family: name }]);
  }
}

function reference(draft: Draft): void {
  const name = unused(draft, 'ch_fasta');
  const text = draft.random.weighted(
    [
      "file('genome.fa')",
      "channel.value(file('genome.fa'))",
      "channel.fromPath('genome.fa').first()",
      "channel.fromPath('genome.fa').collect()",
    ],
    (one) => (one.startsWith('file') ? 3 : 1),
  );
  const field = text.includes('collect') ? paths(true) : PATH;
  push(draft, { lines: [`${name} = ${text}`] }, [
    { name, kind: 'value', fields: [field], bare: true, family: undefined, distinct: false, weight: 1, plain: text.startsWith('file') },
  ]);
}

function words(draft: Draft): void {
  const name = unused(draft, 'ch_tools');
  const list = draft.random.shuffled(['bwa', 'star', 'minimap']).slice(0, draft.random.between(1, 3));
  push(draft, { lines: [`${name} = channel.of(${list.map((one) => `'${one}'`).join(', ')})`] }, [
    { name, kind: 'queue', fields: [WORD], bare: true, family: name, distinct: true, weight: list.length },
  ]);
}

// ------------------------------------------------------------------------------------------------------ processes

interface Output {
  readonly declaration: string;
  readonly emit: string;
  readonly fields: readonly Field[];
}

function declareInput(channel: PoolChannel, names: readonly string[], each: boolean): string {
  const parts = channel.fields.map((field, at) => {
    const { type } = field;
    return type === 'path' || type === 'paths' ? `path(${names[at]})` : `val(${names[at]})`;
  });
  if (each) return `each ${names[0]}`;
  return channel.bare ? parts[0]! : `tuple ${parts.join(', ')}`;
}

function addProcess(draft: Draft): void {
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
      sizeHolds: !each && queued.length === 1 && head?.channel.sizeHolds === true,
      weight,
    })),
  );
}

// ------------------------------------------------------------------------------------------------------ operators

/** What a key can be made of: finer to coarser. */
const COARSER: Readonly<Record<Key['kind'], readonly { kind: Key['kind']; texts: readonly ((name: string) => string)[] }[]>> = {
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

function rekey(draft: Draft): void {
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
function touchKey(draft: Draft): void {
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

function sizeByNumber(draft: Draft): void {
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
      sizeHolds: !source.distinct,
      fields: [key(firstKey(source).kind, true), ...source.fields.filter((_, index) => index !== 0 && index !== at)],
      distinct: source.distinct,
      family: source.family,
    },
  );
}

function group(draft: Draft): void {
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

function apartTraits(source: PoolChannel, renewed = false): Trait[] {
  const made = renewed || source.fields.some((field) => field.type === 'paths' && field.gathered !== true);
  return [
    ...(source.mixed === true || source.partial === true ? (['mixed and taken apart'] as const) : []),
    ...(source.grouped === true && made ? (['several of each group'] as const) : []),
  ];
}

function transpose(draft: Draft): void {
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

function flatten(draft: Draft): void {
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
function asChannel(channel: PoolChannel): string {
  return channel.plain === true ? `channel.value(${channel.name})` : channel.name;
}

function flatMapPaths(draft: Draft): void {
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

function isCertain(field: Field): boolean {
  return field.type === 'paths' && field.certain;
}

function keepSome(draft: Draft): void {
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

function addPart(draft: Draft): void {
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

function condition(draft: Draft, field: Field, name: string): string | undefined {
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

function filter(draft: Draft): void {
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

function branch(draft: Draft): void {
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

function multiMap(draft: Draft): void {
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

/** A second key of an item is a word to whoever comes later. */
const demoted = (fields: readonly Field[]): Field[] =>
  fields.map((field) => (field.type === 'key' && field.kind !== 'row' && field.kind !== 'sample' ? WORD : field));

function combine(draft: Draft): void {
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
      fields: [...left.fields, ...demoted(right.fields)],
      bare: false,
      weight: left.weight * right.weight,
    },
    left.split === true && right.split === true ? ['parts with parts'] : [],
  );
}

/** Such an item is spread by combine. */
const isList = ({ bare, fields }: PoolChannel): boolean => bare && (fields[0]!.type === 'paths' || fields[0]!.type === 'list');

function sameKeyed(draft: Draft): [PoolChannel, PoolChannel] | undefined {
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
function commonKey(left: PoolChannel, right: PoolChannel): Key {
  return key(firstKey(left).kind, firstKey(left).sized || firstKey(right).sized);
}

function meetingTraits(left: PoolChannel, right: PoolChannel): Trait[] {
  return firstKey(left).sized === firstKey(right).sized && left.mixed !== true && right.mixed !== true ? [] : ['group key meets plain key'];
}

function join(draft: Draft): void {
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

function combineBy(draft: Draft): void {
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
      distinct: left.distinct && right.distinct,
      weight: left.weight * right.weight,
    },
    [...(left.distinct || right.distinct ? [] : (['repeated keys joined'] as const)), ...meetingTraits(left, right)],
  );
}

function cross(draft: Draft): void {
  const both = sameKeyed(draft);
  if (both === undefined) return;
  const [left, right] = both;
  derive(
    draft,
    'crossed',
    `${left.name}.cross(${right.name}).map { one, other -> [one[0], one[1], other[1]] }`,
    [left, right],
    {
      fields: [left.fields[0]!, left.fields[1]!, right.fields[1]!],
      weight: right.weight,
    },
    [...(left.distinct ? [] : (['repeated keys joined'] as const)), ...meetingTraits(left, right)],
  );
}

function mixture(operator: 'mix' | 'concat' | 'merge') {
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

function gather(draft: Draft): void {
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

function thin(draft: Draft): void {
  const source = choose(draft, queues(draft));
  if (source === undefined) return;
  const { random } = draft;
  if (source.bare && source.fields[0]!.type !== 'paths' && random.chance(0.4)) {
    const fields: Field[] = [source.fields[0]!.type === 'path' ? paths(true) : { type: 'list' }];
    const made = random.pick(['collate(2)', 'buffer(size: 2)', 'buffer(size: 2, remainder: true)']);
    derive(draft, 'batches', `${source.name}.${made}`, [source], { fields }, [
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

function keysOnly(draft: Draft): void {
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
      fields: [key(patient ? 'patient' : 'id')],
      bare: true,
    },
    [...apartTraits(source), ...(source.barred === true ? (['chosen behind a barrier'] as const) : [])],
  );
}

// ------------------------------------------------------------------------------------------------------ wholes

function subworkflow(draft: Draft): void {
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
function conditional(draft: Draft): void {
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

const any = (draft: Draft): boolean => draft.pool.some(({ kind }) => kind === 'queue');
const keys = (draft: Draft): boolean => draft.pool.some(keyed);
const several = (draft: Draft): boolean => draft.pool.length > 1 && any(draft);
const few = (name: string, most: number) => (draft: Draft) => draft.pool.filter((one) => one.name.startsWith(name)).length < most;

export const STEPS: readonly StepKind[] = [
  { weight: 6, when: (draft) => !draft.nested && few('ch_samples', 1)(draft), add: sheet },
  { weight: 1, when: (draft) => !draft.nested && few('ch_pairs', 1)(draft), add: pairs },
  { weight: 2, when: (draft) => few('ch_intervals', 1)(draft), add: intervals },
  { weight: 1, when: (draft) => few('ch_fasta', 2)(draft), add: reference },
  { weight: 0.6, when: (draft) => few('ch_tools', 1)(draft), add: words },
  { weight: 14, when: any, add: addProcess },
  { weight: 4, when: keys, add: rekey },
  { weight: 1.5, when: keys, add: touchKey },
  { weight: 4, when: keys, add: sizeByNumber },
  { weight: 5, when: keys, add: group },
  { weight: 1.5, when: any, add: transpose },
  { weight: 1, when: several, add: flatten },
  { weight: 1, when: keys, add: flatMapPaths },
  { weight: 2, when: any, add: keepSome },
  { weight: 1, when: any, add: addPart },
  { weight: 1.5, when: any, add: filter },
  { weight: 1.5, when: keys, add: branch },
  { weight: 1, when: keys, add: multiMap },
  { weight: 4, when: several, add: combine },
  { weight: 4, when: several, add: join },
  { weight: 1.5, when: several, add: combineBy },
  { weight: 0.4, when: several, add: cross },
  { weight: 3, when: several, add: mixture('mix') },
  { weight: 1, when: several, add: mixture('concat') },
  { weight: 0.3, when: several, add: mixture('merge') },
  { weight: 4, when: any, add: gather },
  { weight: 1.5, when: any, add: thin },
  { weight: 0.6, when: keys, add: keysOnly },
  { weight: 1.5, when: (draft) => !draft.nested && any(draft), add: subworkflow },
  { weight: 1, when: (draft) => !draft.nested && any(draft), add: conditional },
];
