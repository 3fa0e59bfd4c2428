/** Faults of work: two jobs in one script, one job that could be many, the same work again, work for nobody. */
import { SourceFile, type TextRange } from '../../../src/source/source-file.ts';
import { Edits } from '../edits.ts';
import { definition, isPerItem, type Kind, label, type Mutation, whole } from '../kind.ts';
import type { CallSource, ProcessSource, SourceModel } from '../source-model.ts';
import { WHOLE_SAMPLE_CALLERS } from './whole-sample-callers.ts';

/** The workflow's text, and every `X.out.name` of a call in it. */
function readsOf(
  model: SourceModel,
  call: CallSource,
): { readonly start: number; readonly end: number; readonly emit: string | undefined }[] {
  const text = model.textOf(call.path, call.workflow);
  return [...text.matchAll(new RegExp(`\\b${call.name}\\.out\\b(?:\\.(\\w+))?`, 'g'))].map((found) => ({
    start: call.workflow.start + found.index,
    end: call.workflow.start + found.index + found[0].length,
    emit: found[1],
  }));
}

function isSimple(model: SourceModel, call: CallSource): boolean {
  return (
    call.unconditional &&
    call.statement.start === call.start &&
    call.statement.end === call.end &&
    model.runs(call) &&
    model.isOnlyCall(call) &&
    call.process.script !== undefined &&
    call.arguments.every(({ key }) => key === null)
  );
}

function patterns(process: ProcessSource): string[] {
  return process.outputs.flatMap(({ slots }) =>
    slots.filter(({ qualifier }) => qualifier === 'path').map(({ text }) => text.replaceAll(/['"*]/g, '')),
  );
}

function directive(process: ProcessSource, name: string): string | undefined {
  const found = process.node.directives.find((one) => textIn(process, one).startsWith(`${name} `));
  return found === undefined ? undefined : textIn(process, found);
}

function textIn(process: ProcessSource, range: { readonly start: number; readonly end: number }): string {
  return process.text.slice(range.start - process.node.start, range.end - process.node.start);
}

/**
 * Two calls with the same first argument become one script that does one after the other. True where neither needs the other and the
 * scripts have no file in common but their inputs.
 */
export const serialMonolith: Kind = {
  rule: 'serial-monolith',
  faults(model) {
    return model.calls.flatMap((one) =>
      model.calls.flatMap((two): Mutation[] => {
        if (two.workflow !== one.workflow || two.start < one.end || !isSimple(model, one) || !isSimple(model, two)) return [];
        if (!model.unordered(one, two) || !isPerItem(one)) return [];
        const [mine, theirs] = [one.process, two.process];
        const first = (call: CallSource) => model.textOf(call.process.path, call.process.inputs[0]!);
        if (mine.inputs.length === 0 || theirs.inputs.length === 0 || first(one) !== first(two)) return [];
        if (one.arguments.length !== mine.inputs.length || two.arguments.length !== theirs.inputs.length) return [];
        const argument = (call: CallSource, index: number) => model.textOf(call.path, call.arguments[index]!);
        if (argument(one, 0) !== argument(two, 0)) return [];
        // Definitions before the script, and emits and patterns that meet, would have to be renamed.
        if ((theirs.node.script?.statements.length ?? 0) > 1) return [];
        const emits = (process: ProcessSource) => process.outputs.map(({ emit }) => emit);
        if (emits(theirs).some((emit) => emit === undefined || emits(mine).includes(emit))) return [];
        if (patterns(mine).some((left) => patterns(theirs).some((right) => left.endsWith(right) || right.endsWith(left)))) return [];
        const known = new Map(mine.inputs.map((input, index) => [model.textOf(mine.path, input), argument(one, index)]));
        const inputs: string[] = [];
        const extra: string[] = [];
        for (let index = 1; index < theirs.inputs.length; index++) {
          const text = model.textOf(theirs.path, theirs.inputs[index]!);
          if (known.get(text) === argument(two, index)) continue;
          if (known.has(text)) return [];
          inputs.push(`\n    ${text}`);
          extra.push(`, ${argument(two, index)}`);
        }
        const reads = readsOf(model, two);
        if (reads.some(({ emit }) => emit === undefined)) return [];
        const edits = new Edits();
        const publish = directive(theirs, 'publishDir');
        if (publish !== undefined) edits.insert(mine.path, mine.node.directives.at(-1)!.end, `\n    ${publish}`);
        edits.insert(mine.path, mine.inputs.at(-1)!.end, inputs.join(''));
        edits.insert(
          mine.path,
          mine.outputs.at(-1)!.end,
          theirs.outputs.map((output) => `\n    ${model.textOf(theirs.path, output)}`).join(''),
        );
        edits.insert(mine.path, mine.script!.end, `${theirs.script!.text.trim()}\n    `);
        edits.insert(one.path, one.arguments.at(-1)!.end, extra.join(''));
        edits.replace(two.path, two.statement, '');
        for (const read of reads) edits.replace(two.path, read, `${one.name}.out.${read.emit}`);
        return [
          {
            site: `${label(one)} and ${label(two)}`,
            edits,
            places: [definition(one)],
            calls: [label(one)],
            // One of the two may well use fewer threads than are reserved for both; a selector publishes what is no more.
            consequences: ['single-thread-tool', 'dead-work'],
          },
        ];
      }),
    );
  },
  // A second command that needs what the first one made.
  neutrals(model) {
    return model.calls.flatMap((call): Mutation[] => {
      const pattern = patterns(call.process)[0];
      const slot = call.process.outputs[0]?.slots.find(({ qualifier }) => qualifier === 'path')?.text;
      if (!isSimple(model, call) || !isPerItem(call) || pattern === undefined || !/^'\*[\w.]+'$/.test(slot ?? '')) return [];
      return [
        {
          site: `a chain in ${label(call)}`,
          edits: new Edits().insert(call.process.path, call.process.script!.end, `md5sum *${pattern} > checksum.md5\n    `),
          places: [],
          calls: [],
        },
      ];
    });
  },
};

/** By hand: the scatter of a caller that is known to be one is taken away. True because the base shows how it is split. */
export const missingScatter: Kind = {
  rule: 'missing-scatter',
  faults(model) {
    return WHOLE_SAMPLE_CALLERS.filter(({ base }) => base === model.report.inputs.name).flatMap(({ site, changes, call }) => {
      const edits = new Edits();
      const places = changes.map(({ path, find, replace }) => {
        const start = (model.files[path] ?? '').indexOf(find);
        if (start === -1 || model.files[path]!.includes(find, start + 1)) throw new Error(`${site}: not once in ${path}: ${find}`);
        const range = { start, end: start + find.length };
        edits.replace(path, range, replace);
        return { path, range };
      });
      const source = model.calls.find(({ ids }) => ids.includes(call));
      const spots = source === undefined ? places : [definition(source), whole(source)];
      // What made the parts may be left without a reader.
      return [{ site, edits, places: spots, calls: [call], consequences: ['dead-work'] }];
    });
  },
  // The parts go another way into the same tasks: as many as before.
  neutrals(model) {
    return model.operators
      .filter(
        ({ name, node }) => name === 'combine' && node.arguments.length === 1 && node.arguments[0]!.value.kind === 'VariableExpression',
      )
      .map(({ path, node, start }) => ({
        site: `parts in another variable, ${path}:${new SourceFile(path, model.files[path]!).positionAt(start).line}`,
        edits: new Edits().insert(path, node.arguments[0]!.end, '.map { part -> part }'),
        places: [],
        calls: [],
      }));
  },
};

/** Commands that make of a shared file what does not depend on the sample, by the name of the input that holds it. */
const PREPARATIONS: readonly (readonly [variable: RegExp, commands: readonly string[]])[] = [
  [
    /^(fasta|genome|reference|ref)$/,
    [
      'samtools faidx ${file}',
      'bwa index ${file}',
      'bwa-mem2 index ${file}',
      'gatk CreateSequenceDictionary --REFERENCE ${file} --OUTPUT made.dict',
      'minimap2 -d made.mmi ${file}',
      'bowtie2-build ${file} made',
    ],
  ],
  [/^gtf$/, ['gffread ${file} -T -o made.gtf', 'gtfToGenePred ${file} made.pred']],
  [/^(gnomad|dbsnp)$/, ['tabix -p vcf ${file}', 'gatk IndexFeatureFile --input ${file}']],
  [/^(bed|primers|repeats|keep|snps)$/, ['sort -k1,1 -k2,2n ${file} > made.bed', 'bgzip --stdout ${file} > made.bed.gz']],
];

/** The work is done in a step with one task an item, on an input of its own that is the same for all of them (no output of a step per item). */
export const repeatedConstantWork: Kind = {
  rule: 'repeated-constant-work',
  faults(model, chance) {
    return model.calls.flatMap((call) => {
      const { script, inputs } = call.process;
      if (script === undefined || !isPerItem(call) || !model.runs(call) || !model.isOnlyCall(call)) return [];
      return inputs.slice(1).flatMap((input, index): Mutation[] => {
        const argument = call.arguments[index + 1]?.value;
        const from = argument && model.outputOf(argument, call.workflow)?.call;
        // A value by its name, or of a step that is done once; a part of a channel that was taken apart may differ from item to item.
        if (argument === undefined || (from === undefined ? argument.kind === 'PropertyExpression' : isPerItem(from))) return [];
        const slot = input.slots.find(
          ({ variable, qualifier }) => qualifier === 'path' && PREPARATIONS.some(([name]) => name.test(variable ?? '')),
        );
        const commands = PREPARATIONS.find(([name]) => name.test(slot?.variable ?? ''))?.[1];
        if (slot === undefined || commands === undefined) return [];
        const command = commands[chance.below(commands.length)]!.replace('${file}', `\${${slot.variable}}`);
        return [
          {
            site: `${command.split(' ').slice(0, 2).join(' ')} in ${label(call)}`,
            edits: new Edits().insert(call.process.path, script.start, `\n    ${command}`),
            places: [definition(call)],
            calls: [label(call)],
            // A second command beside the first is one, too, where the first does not need it; and it uses one thread.
            consequences: ['serial-monolith', 'single-thread-tool'],
          },
        ];
      });
    });
  },
  // The same kind of work on the sample's own file.
  neutrals(model) {
    return model.calls.flatMap((call): Mutation[] => {
      const slots = call.process.inputs[0]?.slots ?? [];
      if (
        !isPerItem(call) ||
        call.process.script === undefined ||
        slots.length !== 2 ||
        slots[1]!.variable !== 'bam' ||
        !model.isOnlyCall(call)
      )
        return [];
      if (/samtools index/.test(call.process.text)) return [];
      return [
        {
          site: `a look at the sample's own file in ${label(call)}`,
          edits: new Edits().insert(call.process.path, call.process.script.start, '\n    samtools quickcheck ${bam}'),
          places: [],
          calls: [],
        },
      ];
    });
  },
};

/** Whether some setting of a config belongs to this call's path alone, so that the same process elsewhere is another task. */
function hasOwnSettings(model: SourceModel, call: CallSource): boolean {
  return Object.entries(model.files).some(
    ([path, text]) =>
      path.endsWith('.config') && new RegExp(`withName:?.*[:.*]${call.name}\\b`).test(text.replaceAll(/withName:\s*'?/g, 'withName:')),
  );
}

function includeAgain(model: SourceModel, edits: Edits, call: CallSource, alias: string): boolean {
  const include = model.includes.find(({ path, name, alias: other }) => path === call.path && (other ?? name) === call.name);
  if (include === undefined) return false;
  edits.insert(call.path, include.end, `\ninclude { ${include.name} as ${alias} } from '${include.source}'`);
  return true;
}

/** The same process is called a second time with the same arguments, and one of its readers reads the second. */
export const duplicateWork: Kind = {
  rule: 'duplicate-work',
  faults(model) {
    return model.calls.flatMap((call): Mutation[] => {
      const reads = readsOf(model, call);
      if (!isSimple(model, call) || reads.length < 2 || hasOwnSettings(model, call)) return [];
      const alias = `${call.name}_AGAIN`;
      const edits = new Edits();
      if (!includeAgain(model, edits, call, alias)) return [];
      const text = model.textOf(call.path, call);
      edits.insert(call.path, call.statement.end, `\n    ${text.replace(call.name, alias)}`);
      const last = reads.at(-1)!;
      edits.replace(call.path, last, `${alias}.out${last.emit === undefined ? '' : `.${last.emit}`}`);
      const id = label(call);
      return [{ site: id, edits, places: [whole(call)], calls: [`${id}_AGAIN`] }];
    });
  },
  // The same process on other files.
  neutrals(model) {
    return model.calls.flatMap((call): Mutation[] => {
      const first = call.arguments[0]?.value;
      const from = first && model.outputOf(first, call.workflow);
      if (from === undefined || !isSimple(model, call) || directive(call.process, 'publishDir') === undefined) return [];
      const other = model.calls.find(
        (one) =>
          one.workflow === call.workflow &&
          one !== from.call &&
          one.end < call.start &&
          one.process.outputs.some(({ emit, slots }) => emit === from.output.emit && slots.length === from.output.slots.length),
      );
      const alias = `${call.name}_BEFORE`;
      const edits = new Edits();
      if (other === undefined || !includeAgain(model, edits, call, alias)) return [];
      const rest = call.arguments.slice(1).map((argument) => `, ${model.textOf(call.path, argument)}`);
      edits.insert(call.path, call.statement.end, `\n    ${alias}(${other.name}.out.${from.output.emit}${rest.join('')})`);
      return [{ site: `on other files, ${label(call)}`, edits, places: [], calls: [] }];
    });
  },
};

/** What is worth knowing of a file, by its ending. */
const LOOKS: readonly (readonly [ending: RegExp, name: string, command: string])[] = [
  [/bam$/, 'BAM_IDXSTATS', 'samtools idxstats ${file} > ${key}.idxstats.txt'],
  [/vcf(\.gz)?$/, 'VCF_HEADER', 'bcftools view --header-only ${file} > ${key}.header.txt'],
  [/(fastq|fq)(\.gz)?$/, 'READ_LENGTHS', 'seqkit stats ${file} > ${key}.lengths.txt'],
  [/(fa|faa|fasta)$/, 'SEQUENCE_LENGTHS', 'seqkit stats ${file} > ${key}.lengths.txt'],
  [/(txt|tsv|bed|csv)$/, 'LINE_COUNT', 'wc -l ${file} > ${key}.lines.txt'],
];

function looks(model: SourceModel, published: boolean): Mutation[] {
  const publishesByDefault = Object.entries(model.files).some(
    ([path, text]) => path.endsWith('.config') && /^process\s*\{\s*(\/\/.*\n\s*)*publishDir/m.test(text),
  );
  if (publishesByDefault && !published) return [];
  return model.calls.flatMap((call): Mutation[] => {
    const output = call.process.outputs.find(
      ({ emit, tuple, slots }) => emit !== undefined && tuple && slots.length === 2 && slots[1]!.qualifier === 'path',
    );
    const look = LOOKS.find(([ending]) => ending.test(output?.slots[1]?.text.replaceAll(/['"]/g, '') ?? ''));
    if (output === undefined || look === undefined || !isPerItem(call) || !call.unconditional || !model.runs(call)) return [];
    if (call.statement.end > (call.workflow.emits[0]?.start ?? Number.POSITIVE_INFINITY)) return [];
    const [, name, command] = look;
    const file = `${call.path.includes('/') ? '../' : './'}modules/look`;
    const publish = published ? '    publishDir "${params.outdir}/look", mode: \'copy\'\n\n' : '';
    const text = `process ${name} {\n${publish}    input:\n    tuple val(key), path(file)\n\n    output:\n    tuple val(key), path('*.txt'), emit: look\n\n    script:\n    """\n    ${command.replace('${key}', '${file.baseName}')}\n    """\n}\n`;
    const scope = label(call).slice(0, label(call).lastIndexOf(':') + 1);
    const edits = new Edits()
      .create('modules/look.nf', text)
      .insert(call.path, call.statement.end, `\n    ${name}(${call.name}.out.${output.emit})`)
      .insert(call.path, firstStatement(model, call.path), `include { ${name} } from '${file}'\n`);
    if (call.path.split('/').length > 2) return [];
    return [
      {
        site: `${published ? 'published look' : 'look'} at ${label(call)}`,
        edits,
        places: [whole(call), { path: 'modules/look.nf', range: { start: 0, end: 0 } }],
        calls: [`${scope}${name}`],
      },
    ];
  });
}

/** A range with its indentation and the end of its line. */
function lineOf(text: string, { start, end }: TextRange): TextRange {
  const next = text.indexOf('\n', end);
  return { start: text.lastIndexOf('\n', start - 1) + 1, end: next === -1 ? text.length : next + 1 };
}

/** Where an include can be put in. */
function firstStatement(model: SourceModel, path: string): number {
  return model.includes.find((include) => include.path === path)?.start ?? 0;
}

/** What a call makes is read by nobody and published nowhere: a further call of that kind, or one whose publishing goes. */
export const deadWork: Kind = {
  rule: 'dead-work',
  faults(model) {
    const found = looks(model, false);
    const configs = Object.entries(model.files).filter(([path, text]) => path.endsWith('.config') && text.includes('publishDir'));
    for (const call of model.calls) {
      const publish = call.process.node.directives.find((one) => textIn(call.process, one).startsWith('publishDir '));
      const isRead = model.report.graph.edges.some(({ from }) => call.ids.includes(from));
      if (publish === undefined || isRead || configs.length > 0 || !model.isOnlyCall(call) || !model.runs(call)) continue;
      found.push({
        site: `unpublished ${label(call)}`,
        edits: new Edits().replace(call.process.path, lineOf(model.files[call.process.path]!, publish), ''),
        places: [definition(call), whole(call)],
        calls: [label(call)],
      });
    }
    return found;
  },
  neutrals: (model) => looks(model, true),
};
