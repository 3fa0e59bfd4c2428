// Reads of one sample to a clean, indexed alignment.

include { CUTADAPT } from '../modules/align'
include { BWA_MEM  } from '../modules/align'
include { MARKDUP  } from '../modules/align'
include { INDEX    } from '../modules/align'
include { FLAGSTAT } from '../modules/align_qc'
include { QUALIMAP } from '../modules/align_qc'

workflow ALIGN_SAMPLE {
    take:
    reads // [ [id, patient, status], fastq, fastq ]
    fasta
    bwa

    main:
    CUTADAPT(reads)
    BWA_MEM(CUTADAPT.out.reads, fasta, bwa)
    MARKDUP(BWA_MEM.out.bam)
    INDEX(MARKDUP.out.bam)
    FLAGSTAT(MARKDUP.out.bam)
    QUALIMAP(MARKDUP.out.bam)

    emit:
    bam = MARKDUP.out.bam.join(INDEX.out.bai)
}
