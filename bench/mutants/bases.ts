/** The clean pipelines that faults are planted in: ours, and public ones that the user has on disk. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type AnalyzeOptions, analyzeTree, memoryTree, type Report } from '../../src/index.ts';
import type { Files } from './edits.ts';
import { SourceModel } from './source-model.ts';

export interface Base {
  readonly name: string;
  readonly files: Files;
  readonly options: AnalyzeOptions;
  /** Ours: neutral mutants are made of these alone, since we know what is harmless there. */
  readonly own: boolean;
  readonly model: SourceModel;
}

/** Public pipelines by owner and name, with the params that switch on what is worth looking at (nothing is read at these paths). */
const PUBLIC: Readonly<Record<string, Readonly<Record<string, string | boolean>>>> = {
  'nf-core/rnaseq': { input: 'samplesheet.csv', fasta: 'genome.fa', gtf: 'genes.gtf', outdir: 'results' },
  'nf-core/sarek': {
    input: 'samplesheet.csv',
    outdir: 'results',
    tools: 'deepvariant,freebayes,haplotypecaller,mutect2,strelka,manta,vep,snpeff',
    igenomes_ignore: true,
    fasta: 'genome.fa',
    intervals: 'intervals.bed',
    germline_resource: 'germline.vcf.gz',
    germline_resource_tbi: 'germline.vcf.gz.tbi',
  },
  'nf-core/viralrecon': {
    input: 'samplesheet.csv',
    platform: 'illumina',
    protocol: 'amplicon',
    fasta: 'genome.fa',
    gff: 'genes.gff',
    primer_bed: 'primers.bed',
    outdir: 'results',
  },
  'nf-core/fetchngs': { input: 'ids.csv', outdir: 'results' },
  'nf-core/methylseq': { input: 'samplesheet.csv', fasta: 'genome.fa', outdir: 'results' },
  'nf-core/taxprofiler': {
    input: 'samplesheet.csv',
    databases: 'databases.csv',
    outdir: 'results',
    run_kraken2: true,
    run_bracken: true,
    run_metaphlan: true,
    perform_shortread_qc: true,
  },
  'sanger-tol/readmapping': { input: 'samplesheet.csv', fasta: 'genome.fa', outdir: 'results' },
};

/** Where the bases of ours are, from the root of the checkout. */
const OWN_FOLDERS = ['bench/mutants/bases', 'fixtures/pipelines'];
/** Of `fixtures/pipelines` only what is clean: the others are shows of faults. */
const OWN_FIXTURES = new Set(['exome']);

const TEXTS = /\.(nf|config|groovy|json|ya?ml|csv|tsv)$/;
const LARGEST_BYTES = 1_000_000;

/** `options` go to every analysis: `shell`, without which scripts are not read. */
export function ownBases(root: string, options: AnalyzeOptions = {}): Base[] {
  return OWN_FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => folder.startsWith('bench') || OWN_FIXTURES.has(name))
      .sort()
      .map((name) => openBase(name, join(root, folder, name), options, true)),
  );
}

/** Those of the public pipelines that are in `folder`, as `name` or `owner__name`, and the names of those that are not. */
export function publicBases(
  folder: string | undefined,
  options: AnalyzeOptions = {},
): { readonly bases: Base[]; readonly absent: string[] } {
  const bases: Base[] = [];
  const absent: string[] = [];
  for (const [repository, params] of Object.entries(PUBLIC)) {
    const name = repository.slice(repository.indexOf('/') + 1);
    const folders = folder === undefined ? [] : [name, repository.replace('/', '__')].map((one) => join(folder, one));
    const path = folders.find((one) => existsSync(join(one, 'main.nf')));
    if (path === undefined) absent.push(repository);
    else bases.push(openBase(name, path, { ...options, commandLineParams: params }, false));
  }
  return { bases, absent };
}

function openBase(name: string, folder: string, options: AnalyzeOptions, own: boolean): Base {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const full = join(entry.parentPath, entry.name);
    const path = full.slice(folder.length + 1).replaceAll('\\', '/');
    if (entry.isFile() && TEXTS.test(path) && !/(^|\/)(tests?|\.git)\//.test(path) && statSync(full).size < LARGEST_BYTES)
      files[path] = readFileSync(full, 'utf8');
  }
  return { name, files, options, own, model: new SourceModel(files, analyzeFiles(files, options)) };
}

export function analyzeFiles(files: Files, options: AnalyzeOptions): Report {
  return analyzeTree(memoryTree(files), 'main.nf', options);
}
