include { HOST_INDEX; REMOVE_HOST } from '../modules/host'
include { FASTP                   } from '../modules/reads'
include { POOL_LIBRARIES          } from '../modules/reads'

workflow CLEAN_READS {
    take:
    samples // [ [id, libraries], fastq, fastq ]
    host

    main:
    HOST_INDEX(host)
    FASTP(samples)
    REMOVE_HOST(FASTP.out.reads, HOST_INDEX.out.index)

    pooled = REMOVE_HOST.out.reads
        .map { meta, fastq_1, fastq_2 -> tuple(groupKey(meta, meta.libraries), fastq_1, fastq_2) }
        .groupTuple()
        .map { key, fastqs_1, fastqs_2 -> tuple(key.getGroupTarget(), fastqs_1, fastqs_2) }
    POOL_LIBRARIES(pooled)

    emit:
    reads   = POOL_LIBRARIES.out.reads
    reports = FASTP.out.json.mix(REMOVE_HOST.out.log)
}
