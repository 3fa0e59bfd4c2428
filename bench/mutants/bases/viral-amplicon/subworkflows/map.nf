include { FASTP; KRAKEN2                } from '../modules/reads'
include { BOWTIE2; IVAR_TRIM; SORT; INDEX } from '../modules/map'
include { MOSDEPTH; FLAGSTAT; DUPLICATES  } from '../modules/map_qc'

workflow MAP {
    take:
    reads // [ [id], fastq, fastq ]
    index
    primers
    kraken_db

    main:
    FASTP(reads)
    KRAKEN2(FASTP.out.reads, kraken_db)
    BOWTIE2(FASTP.out.reads, index)
    IVAR_TRIM(BOWTIE2.out.bam, primers)
    SORT(IVAR_TRIM.out.bam)
    INDEX(SORT.out.bam)

    sorted = SORT.out.bam.join(INDEX.out.bai)
    MOSDEPTH(sorted)
    FLAGSTAT(sorted)
    DUPLICATES(SORT.out.bam)

    emit:
    bam     = sorted
    reports = FASTP.out.json
        .mix(KRAKEN2.out.report, MOSDEPTH.out.summary, FLAGSTAT.out.flagstat, DUPLICATES.out.metrics)
        .map { _meta, report -> report }
}
