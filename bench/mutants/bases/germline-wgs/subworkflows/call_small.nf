// Small variants: by sample and interval, put together by sample, then genotyped over all samples.

include { HAPLOTYPE_CALLER  } from '../modules/calling'
include { MERGE_GVCFS       } from '../modules/calling'
include { GENOMICSDB_IMPORT } from '../modules/calling'
include { GENOTYPE_GVCFS    } from '../modules/calling'
include { BCFTOOLS_FILTER   } from '../modules/calling'
include { BCFTOOLS_STATS    } from '../modules/calling'

workflow CALL_SMALL {
    take:
    bam // [ [id], bam, bai ]
    fasta
    fai
    dict
    intervals // one list of interval files
    dbsnp
    dbsnp_tbi

    main:
    // Each interval with the number of all of them, so that a sample's group is known to be whole.
    scattered = intervals
        .map { files -> tuple(files, files.size()) }
        .transpose()

    HAPLOTYPE_CALLER(bam.combine(scattered), fasta, fai, dict, dbsnp, dbsnp_tbi)

    by_sample = HAPLOTYPE_CALLER.out.gvcf
        .map { meta, count, gvcf, tbi -> tuple(groupKey(meta, count), gvcf, tbi) }
        .groupTuple()
        .map { key, gvcfs, tbis -> tuple(key.getGroupTarget(), gvcfs, tbis) }

    MERGE_GVCFS(by_sample, dict)

    // The cohort is called together: here all samples have to be there.
    all_gvcfs = MERGE_GVCFS.out.gvcf.map { _meta, gvcf, _tbi -> gvcf }.collect()
    all_tbis = MERGE_GVCFS.out.gvcf.map { _meta, _gvcf, tbi -> tbi }.collect()
    GENOMICSDB_IMPORT(all_gvcfs, all_tbis, intervals.flatten())
    GENOTYPE_GVCFS(GENOMICSDB_IMPORT.out.workspace, fasta, fai, dict)
    BCFTOOLS_FILTER(GENOTYPE_GVCFS.out.vcf)
    BCFTOOLS_STATS(BCFTOOLS_FILTER.out.vcf)

    emit:
    vcf     = BCFTOOLS_FILTER.out.vcf
    reports = BCFTOOLS_STATS.out.stats
}
