// Lanes to one duplicate-marked, indexed alignment a sample.

include { FASTP           } from '../modules/reads'
include { FASTQC          } from '../modules/reads'
include { BWA_MEM         } from '../modules/alignment'
include { SAMTOOLS_MERGE  } from '../modules/alignment'
include { MARK_DUPLICATES } from '../modules/alignment'
include { SAMTOOLS_INDEX  } from '../modules/alignment'

workflow ALIGN_LANES {
    take:
    lanes // [ [id, lane, lanes], fastq, fastq ]
    fasta
    bwa

    main:
    FASTQC(lanes)
    FASTP(lanes)
    BWA_MEM(FASTP.out.reads, fasta, bwa)

    by_sample = BWA_MEM.out.bam
        .map { meta, bam -> tuple(groupKey([id: meta.id], meta.lanes), bam) }
        .groupTuple()
        .map { key, bams -> tuple(key.getGroupTarget(), bams) }

    SAMTOOLS_MERGE(by_sample)
    MARK_DUPLICATES(SAMTOOLS_MERGE.out.bam)
    SAMTOOLS_INDEX(MARK_DUPLICATES.out.bam)

    emit:
    bam     = MARK_DUPLICATES.out.bam.join(SAMTOOLS_INDEX.out.bai)
    reports = FASTQC.out.zip.map { _meta, zip -> zip }
        .mix(FASTP.out.json.map { _meta, json -> json }, MARK_DUPLICATES.out.metrics.map { _meta, metrics -> metrics })
}
