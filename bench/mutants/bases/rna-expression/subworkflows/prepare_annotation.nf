include { STAR_INDEX; SALMON_INDEX; GTF_TO_BED } from '../modules/annotation'

workflow PREPARE_ANNOTATION {
    take:
    fasta
    gtf
    transcripts

    main:
    STAR_INDEX(fasta, gtf)
    SALMON_INDEX(transcripts)
    GTF_TO_BED(gtf)

    emit:
    star   = STAR_INDEX.out.index
    salmon = SALMON_INDEX.out.index
    bed    = GTF_TO_BED.out.bed
}
