// Strelka2, and indels and substitutions put together.

include { MANTA        } from '../modules/strelka'
include { STRELKA      } from '../modules/strelka'
include { CONCAT_KINDS } from '../modules/strelka'

workflow CALL_STRELKA {
    take:
    pairs // [ [id], tumour, tumour_bai, normal, normal_bai ]
    fasta
    fai

    main:
    MANTA(pairs, fasta, fai)
    STRELKA(pairs.join(MANTA.out.candidates), fasta, fai)
    CONCAT_KINDS(STRELKA.out.snvs.join(STRELKA.out.indels))

    emit:
    vcf = CONCAT_KINDS.out.vcf
}
