// Three looks at every alignment, side by side.

include { SAMTOOLS_STATS } from '../modules/alignment_qc'
include { MOSDEPTH       } from '../modules/alignment_qc'
include { INSERT_SIZES   } from '../modules/alignment_qc'

workflow ALIGNMENT_QC {
    take:
    bam // [ [id], bam, bai ]
    fasta

    main:
    SAMTOOLS_STATS(bam, fasta)
    MOSDEPTH(bam)
    INSERT_SIZES(bam)

    emit:
    reports = SAMTOOLS_STATS.out.stats.map { _meta, stats -> stats }
        .mix(MOSDEPTH.out.summary.map { _meta, summary -> summary }, INSERT_SIZES.out.sizes.map { _meta, sizes -> sizes })
}
