include { FASTQC; TRIM             } from '../modules/reads'
include { BWAMETH; MERGE; MARK; INDEX } from '../modules/align'
include { FLAGSTAT; STATS; HSMETRICS  } from '../modules/qc'

workflow ALIGN {
    take:
    reads // [ [id, part, parts], fastq, fastq ]
    fasta
    index

    main:
    FASTQC(reads)
    TRIM(reads)
    BWAMETH(TRIM.out.reads, fasta, index)

    parts = BWAMETH.out.bam.map { meta, bam -> tuple(groupKey([id: meta.id], meta.parts), bam) }
    MERGE(parts.groupTuple().map { key, bams -> tuple(key.getGroupTarget(), bams) })
    MARK(MERGE.out.bam)
    INDEX(MARK.out.bam)

    marked = MARK.out.bam.join(INDEX.out.bai)
    FLAGSTAT(marked)
    STATS(marked, fasta)
    HSMETRICS(marked, fasta)

    emit:
    bam     = marked
    reports = FASTQC.out.zip
        .mix(TRIM.out.log, MARK.out.metrics, FLAGSTAT.out.flagstat, STATS.out.stats, HSMETRICS.out.metrics)
        .map { _meta, report -> report }
}
