include { STAR_ALIGN     } from '../modules/star'
include { SAMTOOLS_SORT  } from '../modules/bam'
include { SAMTOOLS_INDEX } from '../modules/bam'
include { READ_DISTRIBUTION } from '../modules/bam_qc'
include { JUNCTIONS      } from '../modules/bam_qc'
include { BIGWIG         } from '../modules/bam_qc'
include { PRESEQ         } from '../modules/bam_qc'

workflow ALIGNED {
    take:
    reads // [ [id, strand], fastq, fastq ]
    star
    gtf
    bed

    main:
    STAR_ALIGN(reads, star, gtf)
    SAMTOOLS_SORT(STAR_ALIGN.out.bam)
    SAMTOOLS_INDEX(SAMTOOLS_SORT.out.bam)

    indexed = SAMTOOLS_SORT.out.bam.join(SAMTOOLS_INDEX.out.bai)
    READ_DISTRIBUTION(indexed, bed)
    JUNCTIONS(indexed, bed)
    BIGWIG(indexed)
    PRESEQ(SAMTOOLS_SORT.out.bam)

    emit:
    bam     = indexed
    reports = STAR_ALIGN.out.log.mix(READ_DISTRIBUTION.out.txt, JUNCTIONS.out.txt, PRESEQ.out.curve).map { _meta, report -> report }
}
