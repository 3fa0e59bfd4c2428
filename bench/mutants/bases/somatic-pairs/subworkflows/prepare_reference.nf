include { BWA_INDEX; FAIDX; DICTIONARY } from '../modules/reference'

workflow PREPARE_REFERENCE {
    take:
    fasta

    main:
    BWA_INDEX(fasta)
    FAIDX(fasta)
    DICTIONARY(fasta)

    emit:
    bwa  = BWA_INDEX.out.index
    fai  = FAIDX.out.fai
    dict = DICTIONARY.out.dict
}
