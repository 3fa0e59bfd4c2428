include { FASTQC; TRIM_GALORE                  } from '../modules/reads'
include { BWA_MEM; MERGE; DEDUP; FILTER; INDEX } from '../modules/align'
include { STATS; COMPLEXITY                    } from '../modules/align'

workflow ALIGN_LIBRARIES {
    take:
    libraries // [ meta, fastq ]
    fasta
    bwa
    keep

    main:
    FASTQC(libraries)
    TRIM_GALORE(libraries)
    BWA_MEM(TRIM_GALORE.out.reads, fasta, bwa)

    MERGE(
        BWA_MEM.out.bam
            .map { meta, bam -> tuple(groupKey(meta, meta.lanes), bam) }
            .groupTuple()
            .map { key, bams -> tuple(key.getGroupTarget(), bams) }
    )
    DEDUP(MERGE.out.bam)
    FILTER(DEDUP.out.bam, keep)
    INDEX(FILTER.out.bam)
    STATS(FILTER.out.bam)
    COMPLEXITY(MERGE.out.bam)

    emit:
    bam     = FILTER.out.bam.join(INDEX.out.bai)
    reports = FASTQC.out.zip.mix(DEDUP.out.metrics, STATS.out.stats, COMPLEXITY.out.curve).map { _meta, report -> report }
}
