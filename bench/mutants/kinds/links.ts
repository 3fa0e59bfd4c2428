/** Faults between two calls: waits and data that nobody needs. */
import { Edits } from '../edits.ts';
import { isPerItem, type Kind, label, type Mutation, type PlacedRange, whole } from '../kind.ts';
import type { CallSource, ChannelSource, ProcessSource, SourceModel } from '../source-model.ts';

/** Where a further input goes: behind the last one. */
function appendInput(edits: Edits, process: ProcessSource, text: string): boolean {
  const last = process.inputs.at(-1);
  if (last === undefined) return false;
  edits.insert(process.path, last.end, `\n    ${text}`);
  return true;
}

function appendOutput(edits: Edits, process: ProcessSource, text: string): boolean {
  const last = process.outputs.at(-1);
  if (last === undefined) return false;
  edits.insert(process.path, last.end, `\n    ${text}`);
  return true;
}

function appendArgument(edits: Edits, call: CallSource, text: string): boolean {
  const last = call.arguments.at(-1);
  if (last === undefined) return false;
  edits.insert(call.path, last.end, `, ${text}`);
  return true;
}

/** Where a further input would be declared, and the call. */
function inputPlaces(call: CallSource): PlacedRange[] {
  const last = call.process.inputs.at(-1)!;
  return [{ path: call.process.path, range: last }, whole(call)];
}

/** A call whose process can be changed for it alone, in the workflow's body itself, with plain arguments. */
function isChangeable(model: SourceModel, call: CallSource): boolean {
  return (
    call.unconditional &&
    model.runs(call) &&
    model.isOnlyCall(call) &&
    call.process.script !== undefined &&
    call.arguments.length === call.process.inputs.length &&
    call.arguments.every(({ key }) => key === null)
  );
}

/** Pairs of calls of one workflow, the first written before the second, neither after the other in the graph. */
function unorderedPairs(model: SourceModel): { readonly one: CallSource; readonly two: CallSource }[] {
  return model.calls.flatMap((one) =>
    model.calls
      .filter(
        (two) =>
          two.workflow === one.workflow &&
          one.statement.end <= two.statement.start &&
          one.unconditional &&
          model.runs(one) &&
          isChangeable(model, two) &&
          model.unordered(one, two),
      )
      .map((two) => ({ one, two })),
  );
}

const OPEN_READING = /\*|(^|\s)\.(\s|$)|\bfind\b|\bls\b|\$PWD|\bpwd\b/m;

/** Scripts that open what they name and nothing else. */
function namesWhatItReads(process: ProcessSource): boolean {
  return process.script !== undefined && !OPEN_READING.test(process.script.text);
}

/**
 * Two steps of which each has one task an item, one fed by the other directly; a whole channel is gathered and let go between them. True
 * where both are per item: the first item could go on at once.
 */
export const collectBetweenPerItemSteps: Kind = {
  rule: 'collect-between-per-item-steps',
  faults(model) {
    const found: Mutation[] = [];
    for (const { call, index, producer } of perItemLinks(model)) {
      const argument = call.arguments[index]!.value;
      const ways = [
        '.collect(flat: false).flatMap { rows -> rows }',
        '.toList().flatMap()',
        '.toSortedList { one, two -> one[0].id <=> two[0].id }.flatMap()',
      ];
      const way = ways[found.length % ways.length]!;
      found.push({
        site: `${label(producer)} to ${label(call)}, ${way.slice(1, way.indexOf('(') > 0 ? Math.min(way.indexOf('('), 12) : 12)}`,
        edits: new Edits().insert(call.path, argument.end, way),
        places: [whole(call)],
        calls: [label(call)],
        // Sorting is an order that nobody needs, and may be called that.
        alsoRight: way.includes('Sorted') ? ['ordered-concat'] : [],
      });
    }
    return found;
  },
  // Operators in the same place that let each item go at once.
  neutrals(model) {
    return perItemLinks(model).map(({ call, index, producer }) => ({
      site: `per item between ${label(producer)} and ${label(call)}`,
      edits: new Edits().insert(call.path, call.arguments[index]!.value.end, '.buffer(size: 1).flatMap { rows -> rows }'),
      places: [],
      calls: [],
    }));
  },
};

function perItemLinks(model: SourceModel): { readonly call: CallSource; readonly index: number; readonly producer: CallSource }[] {
  return model.calls.flatMap((call) =>
    call.arguments.flatMap(({ value }, index) => {
      const from = model.outputOf(value, call.workflow);
      return from?.output.tuple === true && index === 0 && isPerItem(call) && isPerItem(from.call) && model.runs(call)
        ? [{ call, index, producer: from.call }]
        : [];
    }),
  );
}

/**
 * A value that says that another call has ended, given to a call that has nothing of it. True where neither comes after the other in the graph
 * and no process touches anything out of band (our bases do not; fetched ones are read for it).
 */
export const tokenDependency: Kind = {
  rule: 'token-dependency',
  faults(model, chance) {
    return unorderedPairs(model).flatMap(({ one, two }): Mutation[] => {
      const output = one.process.outputs.find(({ emit }) => emit !== undefined);
      if (output === undefined || !output.slots.some(({ qualifier }) => qualifier === 'path')) return [];
      const name = ['ready', 'done', 'after', 'token'][chance.below(4)]!;
      if (new RegExp(`\\b${name}\\b`).test(two.process.text)) return [];
      const from = `${one.name}.out.${output.emit}`;
      const token = isPerItem(one)
        ? [`${from}.collect().map { _files -> true }`, `${from}.count()`, `${from}.toList().map { _rows -> 'done' }`][chance.below(3)]!
        : `${from}.collect().map { _files -> true }`;
      const edits = new Edits();
      if (!appendInput(edits, two.process, `val ${name}`) || !appendArgument(edits, two, token)) return [];
      return [{ site: `${label(one)} to ${label(two)}`, edits, places: inputPlaces(two), calls: [label(two)] }];
    });
  },
  // A value of the same kind that the script does read.
  neutrals(model) {
    return unorderedPairs(model).flatMap(({ one, two }): Mutation[] => {
      const output = one.process.outputs.find(({ emit }) => emit !== undefined);
      if (output === undefined || !isPerItem(one) || /\btotal\b/.test(two.process.text)) return [];
      const edits = new Edits();
      appendInput(edits, two.process, 'val total');
      appendArgument(edits, two, `${one.name}.out.${output.emit}.count()`);
      edits.insert(two.process.path, two.process.script!.start, '\n    echo "of ${total} items" > total.txt');
      return [{ site: `count that is read, ${label(one)} to ${label(two)}`, edits, places: [], calls: [] }];
    });
  },
};

/** Patterns of what tools find beside what they are given. */
const COMPANION = /bai|crai|csi|tbi|fai|gzi|dict|index|stats|amb|ann|pac|db|mmi|versions/i;

/**
 * A file of another call that the script neither names nor could find: no glob, no listing, no companion of a file that it reads. True where
 * neither comes after the other.
 */
export const unreadInput: Kind = {
  rule: 'unread-input',
  faults(model) {
    return unorderedPairs(model).flatMap(({ one, two }): Mutation[] => {
      const output = one.process.outputs.find(
        ({ emit, tuple, slots }) =>
          emit !== undefined &&
          slots.filter(({ qualifier }) => qualifier === 'path').length === 1 &&
          (tuple ? slots.length === 2 && slots[0]!.qualifier === 'val' : slots.length === 1) &&
          !COMPANION.test(slots.at(-1)!.text),
      );
      if (output === undefined || !namesWhatItReads(two.process)) return [];
      const name = `from_${one.name.toLowerCase()}`;
      const from = `${one.name}.out.${output.emit}`;
      const edits = new Edits();
      appendInput(edits, two.process, `path ${name}`);
      appendArgument(edits, two, output.tuple ? `${from}.map { _meta, file -> file }.collect()` : `${from}.collect()`);
      return [{ site: `${label(one)} to ${label(two)}`, edits, places: inputPlaces(two), calls: [label(two)] }];
    });
  },
  // The same file, and the script reads it, by its variable or with a glob.
  neutrals(model) {
    return unorderedPairs(model).flatMap(({ one, two }, index): Mutation[] => {
      const output = one.process.outputs.find(({ emit, tuple, slots }) => emit !== undefined && tuple && slots.length === 2);
      const pattern = /^'\*(\.[\w.]+)'$/.exec(output?.slots[1]?.text ?? '')?.[1];
      if (output === undefined || pattern === undefined || COMPANION.test(pattern) || !namesWhatItReads(two.process)) return [];
      // A glob must not catch what the process makes itself.
      if (two.process.text.includes(pattern.split('.').at(-1)!)) return [];
      const name = `from_${one.name.toLowerCase()}`;
      const edits = new Edits();
      appendInput(edits, two.process, `path ${name}`);
      appendArgument(edits, two, `${one.name}.out.${output.emit}.map { _meta, file -> file }.collect()`);
      edits.insert(
        two.process.path,
        two.process.script!.start,
        `\n    wc -c ${index % 2 === 0 ? `\${${name}}` : `*${pattern}`} > sizes.txt`,
      );
      return [
        { site: `${index % 2 === 0 ? 'read by name' : 'read by glob'}, ${label(one)} to ${label(two)}`, edits, places: [], calls: [] },
      ];
    });
  },
};

/** Two calls that are given the very same first argument, which holds a key and files under plain names; neither comes after the other. */
function siblings(model: SourceModel): { readonly one: CallSource; readonly two: CallSource; readonly input: ChannelSource }[] {
  return unorderedPairs(model)
    .filter(({ one, two }) => {
      const [first, second] = [one.process.inputs[0]!, two.process.inputs[0]!];
      return (
        isChangeable(model, one) &&
        isPerItem(one) &&
        isPerItem(two) &&
        model.textOf(one.path, one.arguments[0]!) === model.textOf(two.path, two.arguments[0]!) &&
        first.slots.length === second.slots.length &&
        [first, second].every(({ slots }) =>
          slots.every(
            ({ plain, variable }, index) => plain && variable !== undefined && (index === 0 || slots[index]!.qualifier === 'path'),
          ),
        )
      );
    })
    .map(({ one, two }) => ({ one, two, input: one.process.inputs[0]! }));
}

/** The second of two siblings gets its files by way of the first, which hands its own inputs on unchanged. */
export const passThroughLink: Kind = {
  rule: 'pass-through-link',
  faults(model) {
    return siblings(model).map(({ one, two, input }) => {
      const edits = new Edits();
      const slots = input.slots.map(({ qualifier, variable }) => `${qualifier}(${variable})`).join(', ');
      appendOutput(edits, one.process, `tuple ${slots}, emit: passed`);
      edits.replace(two.path, two.arguments[0]!, `${one.name}.out.passed`);
      return {
        site: `${label(one)} to ${label(two)}`,
        edits,
        places: [{ path: one.process.path, range: one.process.outputs.at(-1)! }, whole(two)],
        calls: [label(two)],
      };
    });
  },
  // What is handed on is what the process made; or its input goes along with something that is made and read.
  neutrals(model) {
    return siblings(model).flatMap(({ one, two, input }): Mutation[] => {
      const found: Mutation[] = [];
      const bam = input.slots.find(({ variable }) => variable === 'bam');
      const key = input.slots[0]!.variable!;
      if (bam !== undefined && input.slots.length === 2) {
        const edits = new Edits();
        appendOutput(edits, one.process, `tuple val(${key}), path('*.tagged.bam'), emit: passed`);
        edits.insert(
          one.process.path,
          one.process.script!.start,
          '\n    samtools addreplacerg -r ID:1 -o ${bam.baseName}.tagged.bam ${bam}',
        );
        edits.replace(two.path, two.arguments[0]!, `${one.name}.out.passed`);
        // Beside what the process did before, the new command is a second job.
        const consequences = ['serial-monolith'];
        found.push({ site: `made anew, ${label(one)} to ${label(two)}`, edits, places: [], calls: [], consequences });
      }
      const made = madeBy(one.process);
      if (made !== undefined && !/\bmade\b/.test(two.process.text)) {
        const edits = new Edits();
        const slots = input.slots.map(({ qualifier, variable }) => `${qualifier}(${variable})`).join(', ');
        appendOutput(edits, one.process, `tuple ${slots}, path('${made}'), emit: both`);
        edits.insert(two.process.path, two.process.inputs[0]!.end, ', path(made)');
        edits.insert(two.process.path, two.process.script!.start, '\n    wc -c ${made} > made.txt');
        edits.replace(two.path, two.arguments[0]!, `${one.name}.out.both`);
        found.push({ site: `along with what is read, ${label(one)} to ${label(two)}`, edits, places: [], calls: [] });
      }
      return found;
    });
  },
};

const NAMES: Readonly<Record<string, string>> = {
  bam: 'alignment.bam',
  bai: 'alignment.bam.bai',
  vcf: 'calls.vcf.gz',
  contigs: 'contigs.fa',
  consensus: 'consensus.fa',
  peaks: 'peaks.bed',
  fastq: 'reads.fastq.gz',
  fastq_1: 'reads_1.fastq.gz',
  fastq_2: 'reads_2.fastq.gz',
  reads: 'reads.fastq.gz',
};

/** The first of two siblings puts its inputs and its results into one folder, of which the second reads its own files alone. */
export const overWideDirectory: Kind = {
  rule: 'over-wide-directory',
  faults: (model) => folders(model, ''),
  // The same folder, and the second reads all of it.
  neutrals: (model) => folders(model, '\n    md5sum ${results}/* > checksums.txt'),
};

function folders(model: SourceModel, reading: string): Mutation[] {
  return siblings(model).flatMap(({ one, two, input }): Mutation[] => {
    const made = madeBy(one.process);
    const [own, other] = [input.slots, two.process.inputs[0]!.slots];
    const script = two.process.script!;
    const nameOf = (index: number) => NAMES[own[index]!.variable!];
    // An index in the folder may be read with the file that it belongs to.
    if (made === undefined || COMPANION.test(made) || own.some((_slot, index) => index > 0 && nameOf(index) === undefined)) return [];
    // The second speaks of its files in its script alone, as `${bam}`.
    const input2 = model.textOf(two.process.path, two.process.inputs[0]!);
    const outside = two.process.text
      .replace(script.text, '')
      .replace(input2, '')
      .replaceAll(/'[^']*'|emit: \w+/g, '');
    const files = other.slice(1).map(({ variable }) => variable!);
    if (files.some((file) => new RegExp(`\\$\\{${file}[^}]`).test(script.text) || new RegExp(`\\b${file}\\b`).test(outside))) return [];
    if (!files.some((file) => script.text.includes(`\${${file}}`))) return [];
    const edits = new Edits();
    const copies = own.slice(1).map(({ variable }, index) => `cp -L \${${variable}} results/${nameOf(index + 1)}\n    `);
    edits.insert(one.process.path, one.process.script!.end, `mkdir results\n    ${copies.join('')}cp ${made} results/\n    `);
    appendOutput(edits, one.process, `tuple val(${own[0]!.variable}), path('results'), emit: folder`);
    edits.replace(two.process.path, two.process.inputs[0]!, `tuple val(${other[0]!.variable}), path(results)`);
    let text = script.text;
    for (const [index, file] of files.entries()) text = text.replaceAll(`\${${file}}`, `\${results}/${nameOf(index + 1)}`);
    edits.replace(two.process.path, script, reading + text);
    edits.replace(two.path, two.arguments[0]!, `${one.name}.out.folder`);
    return [
      {
        site: `${label(one)} to ${label(two)}${reading === '' ? '' : ', all read'}`,
        edits,
        places: [
          { path: two.process.path, range: two.process.inputs[0]! },
          whole(two),
          { path: one.process.path, range: one.process.outputs.at(-1)! },
        ],
        calls: reading === '' ? [label(two)] : [],
        // The files that the folder hands on unchanged are such links, too.
        consequences: ['pass-through-link', 'unread-input'],
      },
    ];
  });
}

/** The pattern of the first output that is one: what the script is sure to have made at its end. */
function madeBy(process: ProcessSource): string | undefined {
  const slots = process.outputs.flatMap((output) => output.slots);
  return slots.find(({ qualifier, text }) => qualifier === 'path' && /^'\*[\w.]+'$/.test(text))?.text.replaceAll("'", '');
}

/**
 * `concat` for `mix`: what comes second waits until the first has closed. True where items go on one by one: after the change an edge over
 * `concat`, with nothing behind it that gathers, leads to a step with one task an item, from two calls or more.
 */
export const orderedConcat: Kind = {
  rule: 'ordered-concat',
  faults: (model) => mixes(model, true),
  // All of it is gathered afterwards: who comes first makes no difference to when.
  neutrals: (model) => mixes(model, false),
};

const GATHERS = new Set(['collect', 'toList', 'toSortedList', 'collectFile', 'groupTuple', 'count', 'reduce', 'last']);

function mixes(model: SourceModel, goingOn: boolean): Mutation[] {
  return model.operators.flatMap((operator): Mutation[] => {
    if (operator.name !== 'mix') return [];
    const { object } = operator.node;
    // The first of a chain of `mix`, whose receiver makes something: concat after an empty channel is no order.
    const parts = [object, ...operator.node.arguments.map(({ value }) => value)];
    const producers = new Set(
      parts.flatMap((part) =>
        part === null ? [] : [...model.textOf(operator.path, part).matchAll(/\b([A-Z]\w*)\.out\b/g)].map((found) => found[1]!),
      ),
    );
    const fromTakes = parts.every((part) => part !== null && part.kind !== 'VariableExpression');
    if (!fromTakes) return [];
    // Calls that may be meant, in this workflow or (for a subworkflow's outputs) below it.
    const ids = model.report.graph.calls
      .map(({ id }) => id)
      .filter((id) => model.calls.some((call) => call.workflow === operator.workflow && producers.has(call.name) && call.ids.includes(id)));
    const edges = model.report.graph.edges.filter(({ from, via }) => ids.includes(from) && via.includes('mix'));
    const free = edges.filter(({ to, via }) => {
      const target = model.calls.find((call) => call.ids.includes(to));
      return target !== undefined && isPerItem(target) && !via.some((one) => GATHERS.has(one)) && target.workflow === operator.workflow;
    });
    const gathered = edges.length > 0 && edges.every(({ via }) => via.slice(via.lastIndexOf('mix')).some((one) => GATHERS.has(one)));
    const target = free.map(({ to }) => to).find((to) => new Set(free.filter((edge) => edge.to === to).map(({ from }) => from)).size > 1);
    const method = operator.node.method as { readonly start: number; readonly end: number };
    const edits = new Edits().replace(operator.path, method, 'concat');
    const site = `${operator.path}:${model.files[operator.path]!.slice(0, method.start).split('\n').length}`;
    if (goingOn && target !== undefined) {
      const found: Mutation[] = [{ site, edits, places: [{ path: operator.path, range: operator.statement }], calls: [target] }];
      const [argument] = operator.node.arguments;
      if (operator.node.arguments.length === 1 && object !== null && argument !== undefined) {
        const text = `${model.textOf(operator.path, argument)}.concat(${model.textOf(operator.path, object)})`;
        found.push({ ...found[0]!, site: `the other way, ${site}`, edits: new Edits().replace(operator.path, operator, text) });
      }
      return found;
    }
    if (goingOn) return [];
    return gathered ? [{ site: `gathered, ${site}`, edits, places: [], calls: [] }] : [];
  });
}
