// The runs of a sample are joined as soon as all of them are trimmed.

include { TRIM_GALORE } from '../modules/reads'
include { CAT_RUNS    } from '../modules/reads'
include { FASTQC      } from '../modules/reads'

workflow READS {
    take:
    runs // [ [id, runs, strand], fastq, fastq ]

    main:
    TRIM_GALORE(runs)

    by_sample = TRIM_GALORE.out.reads
        .map { meta, fastq_1, fastq_2 -> tuple(groupKey([id: meta.id, strand: meta.strand], meta.runs), fastq_1, fastq_2) }
        .groupTuple()
        .map { key, fastqs_1, fastqs_2 -> tuple(key.getGroupTarget(), fastqs_1, fastqs_2) }

    CAT_RUNS(by_sample)
    FASTQC(CAT_RUNS.out.reads)

    emit:
    reads   = CAT_RUNS.out.reads
    reports = TRIM_GALORE.out.log.mix(FASTQC.out.zip).map { _meta, report -> report }
}
