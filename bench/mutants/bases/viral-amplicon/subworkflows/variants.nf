include { IVAR_VARIANTS; LOFREQ; NORM; TABIX; SNPEFF; STATS; AGREE } from '../modules/variants'

workflow VARIANTS {
    take:
    bam // [ [id], bam, bai ]
    fasta
    fai
    gff

    main:
    IVAR_VARIANTS(bam, fasta, fai, gff)
    LOFREQ(bam, fasta, fai)

    // Whichever caller ends first goes on first.
    NORM(LOFREQ.out.vcf.mix(IVAR_VARIANTS.out.vcf), fasta)
    TABIX(NORM.out.vcf)
    STATS(NORM.out.vcf)
    SNPEFF(NORM.out.vcf, file(params.snpeff_data))
    AGREE(NORM.out.vcf.groupTuple(size: 2))

    emit:
    vcf     = LOFREQ.out.vcf
    reports = STATS.out.stats.mix(SNPEFF.out.csv).map { _meta, report -> report }
}
