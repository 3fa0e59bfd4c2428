/** By hand: how the scattered callers of our bases look without their scatter. Each text is found exactly once. */
export interface WholeSampleCaller {
  readonly base: string;
  readonly site: string;
  /** The call that then has one long task a sample. */
  readonly call: string;
  readonly changes: readonly { readonly path: string; readonly find: string; readonly replace: string }[];
}

const GERMLINE_PROCESS = [
  {
    path: 'modules/calling.nf',
    find: '    tag "${meta.id} ${interval.baseName}"\n',
    replace: '    tag "${meta.id}"\n',
  },
  {
    path: 'modules/calling.nf',
    find: 'tuple val(meta), path(bam), path(bai), path(interval), val(count)',
    replace: 'tuple val(meta), path(bam), path(bai)',
  },
  {
    path: 'modules/calling.nf',
    find: "tuple val(meta), val(count), path('*.g.vcf.gz'), path('*.g.vcf.gz.tbi'), emit: gvcf",
    replace: "tuple val(meta), path('*.g.vcf.gz'), path('*.g.vcf.gz.tbi'), emit: gvcf",
  },
  { path: 'modules/calling.nf', find: ' --intervals ${interval} --dbsnp', replace: ' --dbsnp' },
  { path: 'modules/calling.nf', find: '--output ${meta.id}.${interval.baseName}.g.vcf.gz', replace: '--output ${meta.id}.g.vcf.gz' },
];

export const WHOLE_SAMPLE_CALLERS: readonly WholeSampleCaller[] = [
  {
    base: 'germline-wgs',
    site: 'HaplotypeCaller on whole samples, no merge',
    call: 'CALL_SMALL:HAPLOTYPE_CALLER',
    changes: [
      ...GERMLINE_PROCESS,
      {
        path: 'subworkflows/call_small.nf',
        find: "    // Each interval with the number of all of them, so that a sample's group is known to be whole.\n    scattered = intervals\n        .map { files -> tuple(files, files.size()) }\n        .transpose()\n\n    HAPLOTYPE_CALLER(bam.combine(scattered), fasta, fai, dict, dbsnp, dbsnp_tbi)\n\n    by_sample = HAPLOTYPE_CALLER.out.gvcf\n        .map { meta, count, gvcf, tbi -> tuple(groupKey(meta, count), gvcf, tbi) }\n        .groupTuple()\n        .map { key, gvcfs, tbis -> tuple(key.getGroupTarget(), gvcfs, tbis) }\n\n    MERGE_GVCFS(by_sample, dict)\n",
        replace: '    HAPLOTYPE_CALLER(bam, fasta, fai, dict, dbsnp, dbsnp_tbi)\n',
      },
      {
        path: 'subworkflows/call_small.nf',
        find: 'all_gvcfs = MERGE_GVCFS.out.gvcf',
        replace: 'all_gvcfs = HAPLOTYPE_CALLER.out.gvcf',
      },
      { path: 'subworkflows/call_small.nf', find: 'all_tbis = MERGE_GVCFS.out.gvcf', replace: 'all_tbis = HAPLOTYPE_CALLER.out.gvcf' },
    ],
  },
  {
    base: 'germline-wgs',
    site: 'HaplotypeCaller with all intervals in one task',
    call: 'CALL_SMALL:HAPLOTYPE_CALLER',
    changes: [
      {
        path: 'modules/calling.nf',
        find: '    tag "${meta.id} ${interval.baseName}"\n',
        replace: '    tag "${meta.id}"\n',
      },
      {
        path: 'modules/calling.nf',
        find: 'tuple val(meta), path(bam), path(bai), path(interval), val(count)',
        replace: 'tuple val(meta), path(bam), path(bai), path(intervals), val(count)',
      },
      {
        path: 'modules/calling.nf',
        find: '    script:\n    """\n    gatk HaplotypeCaller',
        replace:
          '    script:\n    def all = intervals.collect { interval -> "--intervals ${interval}" }.join(\' \')\n    """\n    gatk HaplotypeCaller',
      },
      { path: 'modules/calling.nf', find: ' --intervals ${interval} --dbsnp', replace: ' ${all} --dbsnp' },
      { path: 'modules/calling.nf', find: '--output ${meta.id}.${interval.baseName}.g.vcf.gz', replace: '--output ${meta.id}.g.vcf.gz' },
      {
        path: 'subworkflows/call_small.nf',
        find: '.map { files -> tuple(files, files.size()) }\n        .transpose()',
        replace: '.map { files -> tuple(files, 1) }',
      },
    ],
  },
  {
    base: 'somatic-pairs',
    site: 'Mutect2 on whole pairs',
    call: 'CALL_MUTECT:MUTECT2',
    changes: [
      { path: 'modules/mutect.nf', find: 'tag "${meta.id} ${chromosome}"', replace: 'tag "${meta.id}"' },
      { path: 'modules/mutect.nf', find: ', path(normal_bai), val(chromosome)', replace: ', path(normal_bai)' },
      { path: 'modules/mutect.nf', find: ' --intervals ${chromosome} \\\\', replace: ' \\\\' },
      { path: 'modules/mutect.nf', find: '--output ${meta.id}.${chromosome}.vcf.gz', replace: '--output ${meta.id}.vcf.gz' },
      {
        path: 'subworkflows/call_mutect.nf',
        find: '    chromosomes = channel.fromList(params.chromosomes)\n    MUTECT2(pairs.combine(chromosomes), ',
        replace: '    MUTECT2(pairs, ',
      },
      {
        path: 'subworkflows/call_mutect.nf',
        find: '    calls = MUTECT2.out.vcf\n        .map { meta, vcf -> tuple(groupKey(meta, params.chromosomes.size()), vcf) }\n        .groupTuple()\n        .map { key, vcfs -> tuple(key.getGroupTarget(), vcfs) }\n    stats = MUTECT2.out.stats.groupTuple(size: params.chromosomes.size())\n\n    MERGE_CALLS(calls, dict)\n    MERGE_STATS(stats)\n',
        replace: '',
      },
      {
        path: 'subworkflows/call_mutect.nf',
        find: 'MERGE_CALLS.out.vcf.join(MERGE_STATS.out.stats)',
        replace: 'MUTECT2.out.vcf.join(MUTECT2.out.stats)',
      },
    ],
  },
  {
    base: 'long-read-variants',
    site: 'Clair3 on whole samples',
    call: 'SMALL_VARIANTS:CLAIR3',
    changes: [
      { path: 'modules/clair3.nf', find: 'tag "${meta.id} ${contig}"', replace: 'tag "${meta.id}"' },
      { path: 'modules/clair3.nf', find: 'path(bai), val(contig)', replace: 'path(bai)' },
      { path: 'modules/clair3.nf', find: ' --ctg_name=${contig}', replace: '' },
      { path: 'modules/clair3.nf', find: '${meta.id}.${contig}.clair3.vcf.gz', replace: '${meta.id}.clair3.vcf.gz' },
      {
        path: 'subworkflows/small_variants.nf',
        find: "    contigs = channel.of('chr1', 'chr2', 'chr3', 'chr4')\n    CLAIR3(alignments.combine(contigs), fasta, fai)\n\n    whole = CLAIR3.out.vcf\n        .map { meta, vcf -> tuple(groupKey(meta, 4), vcf) }\n        .groupTuple()\n        .map { key, vcfs -> tuple(key.getGroupTarget(), vcfs) }\n    CONCAT_CONTIGS(whole)\n",
        replace: '    CLAIR3(alignments, fasta, fai)\n    CONCAT_CONTIGS(CLAIR3.out.vcf)\n',
      },
    ],
  },
  {
    base: 'metagenome-profile',
    site: 'BLAST of all proteins of a sample at once',
    call: 'SEARCH:BLASTP',
    changes: [
      {
        path: 'subworkflows/search.nf',
        find: '    SPLIT_PROTEINS(queries)\n\n    chunks = SPLIT_PROTEINS.out.chunks\n        .map { meta, files -> tuple(groupKey(meta, files.size()), files) }\n        .transpose()\n    BLASTP(chunks, BLAST_DB.out.db)\n\n    GATHER_HITS(BLASTP.out.hits.groupTuple().map { key, hits -> tuple(key.getGroupTarget(), hits) })\n    LINEAGES(GATHER_HITS.out.hits)\n',
        replace: '    BLASTP(queries, BLAST_DB.out.db)\n    LINEAGES(BLASTP.out.hits)\n',
      },
      {
        path: 'modules/search.nf',
        find: "    container 'quay.io/biocontainers/blast:2.16.0--h66d330f_5'\n\n    input:\n    tuple val(meta), path(chunk)",
        replace:
          "    container 'quay.io/biocontainers/blast:2.16.0--h66d330f_5'\n    publishDir \"${params.outdir}/hits\", mode: 'copy'\n\n    input:\n    tuple val(meta), path(chunk)",
      },
    ],
  },
  {
    base: 'methylome',
    site: 'MethylDackel on whole samples',
    call: 'EXTRACT:METHYLDACKEL',
    changes: [
      { path: 'modules/extract.nf', find: 'tag "${meta.id} ${chromosome.baseName}"', replace: 'tag "${meta.id}"' },
      {
        path: 'modules/extract.nf',
        find: 'path(bai), path(chromosome), val(count)',
        replace: 'path(bai)',
      },
      {
        path: 'modules/extract.nf',
        find: "tuple val(meta), val(count), path('*_CpG.bedGraph'), emit: bedgraph",
        replace: "tuple val(meta), path('*_CpG.bedGraph'), emit: bedgraph",
      },
      {
        path: 'modules/extract.nf',
        find: ' -l ${chromosome} -o ${meta.id}_${chromosome.baseName} ',
        replace: ' -o ${meta.id} ',
      },
      {
        path: 'subworkflows/extract.nf',
        find: '    each_chromosome = chromosomes\n        .map { beds -> tuple(beds, beds.size()) }\n        .transpose()\n\n    METHYLDACKEL(bam.combine(each_chromosome), fasta, fai)\n    by_sample = METHYLDACKEL.out.bedgraph\n        .map { meta, count, bedgraph -> tuple(groupKey(meta, count), bedgraph) }\n        .groupTuple()\n        .map { key, bedgraphs -> tuple(key.getGroupTarget(), bedgraphs) }\n    JOIN_CHROMOSOMES(by_sample)\n',
        replace: '    METHYLDACKEL(bam, fasta, fai)\n    JOIN_CHROMOSOMES(METHYLDACKEL.out.bedgraph)\n',
      },
    ],
  },
];
