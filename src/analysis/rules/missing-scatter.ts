import type { Value } from '../../parser/evaluate/value.ts';
import { type ChannelModel, placeIn } from '../../parser/graph/model/channel-model.ts';
import { keyFactsOf } from '../../parser/graph/model/item-value.ts';
import type { ProcessCall } from '../../parser/graph/process-graph.ts';
import { rowsOf } from '../../parser/shell/catalogue.ts';
import type { Command, InputUse } from '../../parser/shell/script-reading.ts';
import type { SourceRange } from '../../source/source-file.ts';
import { toolOf } from '../passes/commands.ts';
import { toolNamesIn } from '../passes/needs/script-text.ts';
import { byPlace, placesOfCalls } from '../places.ts';
import { defineRule, type RuleContext } from '../rule.ts';
import { listOf } from '../words.ts';

export const missingScatter = defineRule({
  id: 'missing-scatter',
  title: 'A long step goes over the whole genome in one task',
  severity: 'info',
  fixable: false,
  requires: ['calls', 'scripts'],
  docs: `
**What it finds**

A tool that runs for hours in one thread, that can be run for each interval by itself, and that is run over all of them in one task.

\`\`\`nextflow
process HAPLOTYPE_CALLER {
    input:
    tuple val(sample), path(bam), path(bai)

    script:
    "gatk HaplotypeCaller -I $bam -R genome.fa -O out.g.vcf.gz"    // no -L: the whole genome
}
\`\`\`

Only of tools of which the catalogue knows that the parts give the same as the whole, and that more threads make little faster: HaplotypeCaller, Mutect2,
BaseRecalibrator, ApplyBQSR, FreeBayes, \`bcftools mpileup\`, SpliceAI. Not reported: calls whose items are cut up already, or that are given an interval
of their own; a region written into the command; pipelines of small genomes.

**Why it costs you**

The task takes as long as the whole genome does, and everything behind it waits. By intervals it takes as long as the longest one.

**How to fix**

Combine the items with the intervals before the call, with the number of intervals in the key (\`groupKey\`), give each task its interval by the tool's
option, and join the parts behind it with the command that the finding names.

**Fix safety**

The result is that of the whole, but for what lies across the ends of intervals: cut where nothing is called, or let the intervals overlap where the tool's
manual says so.

**When to ignore it**

When the genome or the region is small, or there are more samples than machines: then the machines are busy anyway.

**References**

- GATK: [intervals and scatter-gather](https://gatk.broadinstitute.org/hc/en-us/articles/360035531852)
- How others do it: nf-core/sarek, \`--nucleotides_per_second\`
`,
  *check(context) {
    if (isOfSmallGenomes(context)) return;
    const found = context.graph.calls.flatMap((call) => unsplitOf(context, call));
    for (const same of byPlace(found, ({ place }) => place)) {
      const [{ call, command, targets }] = same as [Unsplit];
      const tools = [...new Set(same.map((one) => toolOf(one.command)))];
      const scatter = command.spec?.scatter;
      const unit = scatter?.by === 'contig' ? 'chromosome' : 'interval';
      const joins = [...new Set(same.flatMap((one) => one.command.spec?.scatter?.gather?.split(', ') ?? []))];
      const option = REGION_OPTIONS[command.spec?.tool ?? '']?.replace(/\|.*/, '');
      yield {
        message: `${call.process.name.name} runs ${listOf(tools)} over ${targets === undefined ? 'the whole genome' : `all regions of ${targets.name}`} in one task`,
        reason: `${listOf(tools)} ${tools.length === 1 ? 'takes' : 'take'} hours in one thread, and can be run for each ${unit} by itself`,
        advice: `combine the items with the ${unit}s before ${call.name}, ${option === undefined ? '' : `give each task its ${unit} by ${option}, `}and join the parts with ${listOf(joins)}`,
        severity: 'info',
        confidence: 'medium',
        place: command.range,
        related: placesOfCalls(
          same.map((one) => one.call),
          (short) => `${short} is called here`,
        ),
        calls: [...new Set(same.map((one) => one.call.id))],
        change: { kind: 'split', calls: [...new Set(same.map((one) => one.call))], parts: PARTS, uneven: false },
      };
    }
  },
});

/** How many intervals there will be nobody knows yet; with more it saves more. */
const PARTS = 4;

interface Unsplit {
  readonly call: ProcessCall;
  readonly command: Command;
  readonly place: SourceRange;
  /** It is told of regions, the same in every task: the targets of an exome. */
  readonly targets: InputUse | undefined;
}

/** Their options that name a region, or a file of regions. */
const REGION_OPTIONS: Readonly<Record<string, string>> = {
  gatk: '-L|--intervals',
  freebayes: '-r|--region|-t|--targets',
  bcftools: '-r|--regions|-R|--regions-file|-t|--targets|-T|--targets-file',
};

/** Of these a thread option helps with packing or with one part of the work alone. */
const HELPS_LITTLE = /^--native-pair-hmm-threads$/;

function unsplitOf({ graph, model, scripts }: RuleContext, call: ProcessCall): Unsplit[] {
  if (call.active === false || call.process.script === null) return [];
  if (graph.directivesOf(call).has('accelerator') || !goesOverAll(model, call)) return [];
  if (
    toolNamesIn(call.process, call.script.file)?.some((name) =>
      rowsOf(name).some(({ scatter, weight }) => weight === 'heavy' && (scatter?.by === 'interval' || scatter?.by === 'contig')),
    ) === false
  )
    return [];
  const { opaque, inputs } = scripts.of(call);
  if (opaque !== undefined) return [];
  const text = `${call.script.file.slice(call.process.script)}\n${[...graph.directivesOf(call)].map(([name, { text: one }]) => (name.startsWith('ext.') ? one : '')).join('\n')}`;
  if (CUTS_BY_ITSELF.test(text)) return [];
  const { name } = call.process;
  const place = { file: call.script.file, start: name.start, end: name.end };
  return scripts.commandsOf(call).flatMap((command): Unsplit[] => {
    const { spec } = command;
    const scatter = spec?.scatter;
    if (spec === undefined || command.repeated || spec.weight !== 'heavy' || spec.evidence !== 'documented') return [];
    if (scatter === undefined || (scatter.by !== 'interval' && scatter.by !== 'contig')) return [];
    const threads = spec.threads;
    if (
      threads === undefined ||
      !(threads.flags.length === 0 || threads.extra === true || threads.flags.every((flag) => HELPS_LITTLE.test(flag)))
    )
      return [];
    const options = REGION_OPTIONS[spec.tool];
    const tellsRegion = options !== undefined && new RegExp(`(?<![\\w-])(${options})(?![\\w-])`).test(text);
    const regions = inputs.filter(({ name: input }) => NAMES_REGIONS.test(input));
    if (!tellsRegion) return regions.length > 0 ? [] : [{ call, command, place, targets: undefined }];
    // The same targets for all: an exome. What is not told by an input is one region, or comes by a way that is not followed.
    const [targets] = regions;
    return regions.length === 1 &&
      targets !== undefined &&
      /exome|wes|targets|capture|bait|intervals$/i.test(targets.name) &&
      isConstant(model, call, targets)
      ? [{ call, command, place, targets }]
      : [];
  });
}

/** The script cuts up what it is given, or speaks of one contig. */
const CUTS_BY_ITSELF =
  /parallel\b|xargs\b|\bfor\b[^\n]*\bin\b|mitochondri|--ploidy[ =]1\b|\bchr(M|\d)|\bchrom(osome)?s?\b|\bregions?\b(?!-file)|scatter|shard|panel|amplicon/i;

const NAMES_REGIONS = /interval|region|target|chrom|contig|bed$|chunk|shard|scatter|window|exome|capture|bait|loci|locus|sites_of/i;

/** Items of one dimension at most, and that one not of parts of a genome. */
function goesOverAll(model: ChannelModel, call: ProcessCall): boolean {
  const tasks = model.tasksOf(call);
  if (tasks.opaque !== undefined || tasks.unpaired || tasks.summands.length === 0) return false;
  // One task of many items is the fault of another rule: the others are dropped.
  if (tasks.summands.some(({ index }, at) => index.length === 0 && [...(tasks.bindings[at]?.values() ?? [])].some(differs))) return false;
  return tasks.summands.every(
    ({ index, unsure }) =>
      !unsure &&
      index.length <= 1 &&
      index.every(({ atom, within, copyOf }) => within.length === 0 && copyOf === undefined && !NAMES_REGIONS.test(atom.name)),
  );
}

function isConstant(model: ChannelModel, call: ProcessCall, use: InputUse): boolean {
  return model.tasksOf(call).bindings.every((bound) => {
    const value: Value | undefined = bound.get(placeIn(use.input, use.element));
    if (value === undefined) return false;
    const { dimensions, vague } = keyFactsOf(value);
    return !vague && dimensions.size === 0;
  });
}

function differs(value: Value): boolean {
  return keyFactsOf(value).dimensions.size > 0;
}

/** Of viruses and bacteria, a task of the whole genome takes minutes. */
function isOfSmallGenomes({ pipeline }: RuleContext): boolean {
  const about = ['manifest.name', 'manifest.description'].map((name) => String(pipeline.config.entries.get(name)?.value ?? ''));
  return /vir(us|al|o)|sars|covid|bact|microb|phage|plasmid|mitochondri|amplicon|pathogen|metagenom|tubercul|fung|yeast|plasmodi/i.test(
    [pipeline.name, ...about].join(' '),
  );
}
