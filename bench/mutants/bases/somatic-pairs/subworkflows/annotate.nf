// Both callers' variants are put in order and annotated as they come; then the two of a patient are compared.

include { NORMALISE } from '../modules/annotate'
include { VEP       } from '../modules/annotate'
include { VCF_STATS } from '../modules/annotate'
include { COMPARE   } from '../modules/annotate'

workflow ANNOTATE {
    take:
    mutect  // [ [id], vcf ]
    strelka // [ [id], vcf ]
    vep_cache
    fasta

    main:
    calls = mutect.map { meta, vcf -> tuple(meta + [caller: 'mutect2'], vcf) }
        .mix(strelka.map { meta, vcf -> tuple(meta + [caller: 'strelka'], vcf) })
    NORMALISE(calls, fasta)
    VEP(NORMALISE.out.vcf, vep_cache)
    VCF_STATS(NORMALISE.out.vcf)

    both = NORMALISE.out.vcf
        .map { meta, vcf -> tuple(meta.id, vcf) }
        .groupTuple(size: 2)
    COMPARE(both)
}
