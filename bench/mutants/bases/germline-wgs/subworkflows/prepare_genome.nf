// What every sample needs of the genome, made once.

include { BWA_INDEX; SAMTOOLS_FAIDX; SEQUENCE_DICTIONARY; SPLIT_INTERVALS } from '../modules/genome'

workflow PREPARE_GENOME {
    take:
    fasta

    main:
    BWA_INDEX(fasta)
    SAMTOOLS_FAIDX(fasta)
    SEQUENCE_DICTIONARY(fasta)
    SPLIT_INTERVALS(fasta, SAMTOOLS_FAIDX.out.fai, SEQUENCE_DICTIONARY.out.dict)

    emit:
    bwa       = BWA_INDEX.out.index
    fai       = SAMTOOLS_FAIDX.out.fai
    dict      = SEQUENCE_DICTIONARY.out.dict
    intervals = SPLIT_INTERVALS.out.intervals
}
