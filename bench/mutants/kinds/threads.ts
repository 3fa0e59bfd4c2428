/** Faults of cpus: reserved and not passed, more used than reserved, and tasks held back. */
import { Edits } from '../edits.ts';
import { definition, isPerItem, type Kind, label, type Mutation } from '../kind.ts';
import type { CallSource, SourceModel } from '../source-model.ts';

/**
 * Tools that use one thread unless told (their manuals' defaults). fastp (3), minimap2 (3), seqkit (4), salmon, pigz, megahit, metabat2,
 * sambamba, nextclade (all) and others that help themselves are not here: for these the fault would be another.
 */
const ONE_BY_DEFAULT = new Set(
  (
    'samtools bcftools bwa bwa-mem2 bowtie2 bowtie2-build hisat2 hisat2-build STAR fastqc cutadapt featureCounts stringtie kraken2 blastp ' +
    'blastn blastx vep mosdepth bgzip MethylDackel checkm pangolin bamCoverage bamCompare plotFingerprint whatshap trim_galore bwameth.py'
  ).split(' '),
);

/** An option with the cpus as its value: ` --threads ${task.cpus}`, ` -@ $task.cpus`, ` --threads=${task.cpus}`. */
const OPTION = /[ \t]+(-{1,2}[@A-Za-z][\w-]*)[ =]?(\$\{task\.cpus\}|\$task\.cpus\b(?!\.))/;
const THREAD_OPTIONS = new Set(
  (
    '-t -@ -p -T -P -j --threads --thread --cores --nproc --cpu --cpus --fork --jobs -num_threads --num_threads --numberOfProcessors --runThreadN ' +
    '--processes --nthreads --numThreads --native-pair-hmm-threads --pp-threads --output-threads --nt -nt -cpu'
  ).split(' '),
);

interface ThreadSite {
  readonly call: CallSource;
  readonly cpus: number;
  readonly tool: string;
  /** Option and value with the blank before, and the value alone. */
  readonly whole: { readonly start: number; readonly end: number };
  readonly value: { readonly start: number; readonly end: number };
}

/** Scripts that speak of the cpus exactly once, as the value of an option of a tool; nothing in a config speaks of them (`ext.args`). */
function threadSites(model: SourceModel): ThreadSite[] {
  const configs = Object.entries(model.files).filter(([path]) => path.endsWith('.config'));
  const fromConfig = configs.some(([, text]) => /ext\.\w+\s*=.*task\.cpus/.test(text));
  const seen = new Set<string>();
  return model.calls.flatMap((call) => {
    const { script, text, path, name } = call.process;
    const cpus = model.cpus(call);
    if (script === undefined || cpus === undefined || !model.runs(call) || seen.has(`${path} ${name}`)) return [];
    seen.add(`${path} ${name}`);
    if (fromConfig || text.split('task.cpus').length !== 2) return [];
    const found = OPTION.exec(script.text);
    if (found === null || !THREAD_OPTIONS.has(found[1]!)) return [];
    const start = script.start + found.index;
    const end = start + found[0].length;
    return [{ call, cpus, tool: toolAt(script.text, found.index), whole: { start, end }, value: { start: end - found[2]!.length, end } }];
  });
}

/** The first word of the command around an offset: after the last line that was not continued, or the last pipe. */
function toolAt(script: string, offset: number): string {
  const before = script.slice(0, offset).replaceAll(/\\+\n/g, ' ');
  const command = before.split(/\n|\|/).at(-1) ?? '';
  return command.trim().split(/\s+/)[0]!.split('/').at(-1)!;
}

export const singleThreadTool: Kind = {
  rule: 'single-thread-tool',
  faults(model) {
    return threadSites(model)
      .filter(({ cpus, tool }) => cpus > 1 && ONE_BY_DEFAULT.has(tool))
      .map(({ call, whole, tool }) => ({
        site: `${tool} in ${label(call)}`,
        edits: new Edits().replace(call.process.path, whole, ''),
        places: [definition(call)],
        calls: [label(call)],
      }));
  },
  // The cpus reach the tool by way of a variable.
  neutrals(model) {
    return threadSites(model)
      .filter(({ cpus, tool }) => cpus > 1 && ONE_BY_DEFAULT.has(tool))
      .map(({ call, value }) => ({
        site: `variable in ${label(call)}`,
        edits: new Edits()
          .insert(call.process.path, call.process.script!.start - 3, 'def threads = task.cpus\n    ')
          .replace(call.process.path, value, '${threads}'),
        places: [],
        calls: [],
      }));
  },
};

export const oversubscribedThreads: Kind = {
  rule: 'oversubscribed-threads',
  faults(model) {
    return threadSites(model).flatMap(({ call, cpus, tool, value }, index): Mutation[] => [
      {
        site: `${tool} in ${label(call)}`,
        edits: new Edits().replace(call.process.path, value, index % 3 === 2 ? '${task.cpus * 4}' : String(Math.max(16, cpus * 3))),
        places: [definition(call)],
        calls: [label(call)],
      },
    ]);
  },
  // As many as are reserved, as a number.
  neutrals(model) {
    return threadSites(model)
      .filter(({ cpus }) => cpus > 1)
      .map(({ call, cpus, value }) => ({
        site: `the same number in ${label(call)}`,
        edits: new Edits().replace(call.process.path, value, String(cpus)),
        places: [],
        calls: [],
      }));
  },
};

/** Servers and licences may want one at a time. */
const ASKS_OTHERS = /\b(curl|wget|ascp|prefetch|aws|gsutil|efetch|esearch|licen[cs]e|accelerator|gpu)\b/i;

/** One at a time, without a word why, where there are as many tasks as items. */
export const throttledStep: Kind = {
  rule: 'throttled-step',
  faults(model) {
    const config = 'nextflow.config';
    const end = model.files[config]?.length;
    const found: Mutation[] = [];
    for (const call of model.calls.filter((one) => isPerItem(one) && model.runs(one))) {
      const first = call.process.node.directives[0];
      if (first === undefined || /maxForks/.test(call.process.text) || ASKS_OTHERS.test(call.process.text)) continue;
      found.push({
        site: `directive of ${label(call)}`,
        edits: new Edits().insert(call.process.path, first.end, '\n    maxForks 1'),
        places: [{ path: call.process.path, range: first }],
        calls: [label(call)],
      });
      if (end !== undefined && model.isOnlyCall(call))
        found.push({
          site: `config for ${label(call)}`,
          edits: new Edits().insert(config, end, `\nprocess {\n    withName: '${call.name}' {\n        maxForks = 1\n    }\n}\n`),
          places: [{ path: config, range: { start: end, end } }],
          calls: [label(call)],
        });
    }
    // As many of these as one in eight: there is one place to put it.
    if (end !== undefined)
      for (let index = 0; index < Math.ceil(found.length / 16); index++)
        found.push({
          site: `queueSize ${index + 1}`,
          edits: new Edits().insert(config, end, `\nexecutor {\n    queueSize = ${index + 1}\n}\n`),
          places: [{ path: config, range: { start: end, end } }],
          calls: [],
        });
    return found.filter(({ site }) => !/^queueSize ([2-9]|\d\d)/.test(site));
  },
  // One at a time where there is one; and one at a time while trying out.
  neutrals(model) {
    const found: Mutation[] = [];
    for (const call of model.calls) {
      const first = call.process.node.directives[0];
      const kinds = call.ids.map((id) => model.callsById.get(id)?.kind);
      if (first !== undefined && kinds.every((kind) => kind === 'value') && !/maxForks/.test(call.process.text))
        found.push({
          site: `once: ${label(call)}`,
          edits: new Edits().insert(call.process.path, first.end, '\n    maxForks 1'),
          places: [],
          calls: [],
        });
    }
    const text = model.files['nextflow.config'];
    if (text !== undefined && !text.includes('profiles'))
      found.push({
        site: 'profile for trying out',
        edits: new Edits().insert('nextflow.config', text.length, '\nprofiles {\n    test {\n        process.maxForks = 1\n    }\n}\n'),
        places: [],
        calls: [],
      });
    return found;
  },
};
