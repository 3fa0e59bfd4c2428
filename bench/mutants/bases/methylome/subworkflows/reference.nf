include { BWAMETH_INDEX; FAIDX; CHROMOSOMES } from '../modules/reference'

workflow METHYLATION_REFERENCE {
    take:
    fasta

    main:
    BWAMETH_INDEX(fasta)
    FAIDX(fasta)
    CHROMOSOMES(FAIDX.out.fai)

    emit:
    index       = BWAMETH_INDEX.out.index
    fai         = FAIDX.out.fai
    chromosomes = CHROMOSOMES.out.beds
}
