include { SALMON_QUANT   } from '../modules/quantify'
include { FEATURE_COUNTS } from '../modules/quantify'
include { STRINGTIE      } from '../modules/quantify'
include { COMPRESS       } from '../modules/quantify'
include { MERGE_COUNTS   } from '../modules/quantify'

workflow QUANTIFY {
    take:
    reads // [ [id, strand], fastq, fastq ]
    bam   // [ [id, strand], bam, bai ]
    salmon
    gtf

    main:
    SALMON_QUANT(reads, salmon)
    FEATURE_COUNTS(bam, gtf)
    STRINGTIE(bam, gtf)

    // Tables are compressed as they come, whichever tool they are from.
    COMPRESS(STRINGTIE.out.abundance.mix(FEATURE_COUNTS.out.counts))
    MERGE_COUNTS(FEATURE_COUNTS.out.counts.map { _meta, counts -> counts }.collect())

    emit:
    reports = FEATURE_COUNTS.out.summary.mix(SALMON_QUANT.out.quant).map { _meta, report -> report }
}
