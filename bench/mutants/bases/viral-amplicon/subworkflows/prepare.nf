include { BOWTIE2_BUILD; FASTA_INDEX } from '../modules/prepare'

workflow PREPARE {
    take:
    fasta

    main:
    BOWTIE2_BUILD(fasta)
    FASTA_INDEX(fasta)

    emit:
    index = BOWTIE2_BUILD.out.index
    fai   = FASTA_INDEX.out.fai
}
