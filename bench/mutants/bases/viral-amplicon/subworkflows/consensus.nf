include { BCFTOOLS_CONSENSUS; LOW_COVERAGE; PANGOLIN; NEXTCLADE; QUAST } from '../modules/consensus'

workflow CONSENSUS {
    take:
    bam // [ [id], bam, bai ]
    vcf // [ [id], vcf ]
    fasta
    nextclade_data

    main:
    LOW_COVERAGE(bam)
    BCFTOOLS_CONSENSUS(vcf.join(LOW_COVERAGE.out.bed), fasta)
    PANGOLIN(BCFTOOLS_CONSENSUS.out.fasta)
    NEXTCLADE(BCFTOOLS_CONSENSUS.out.fasta, nextclade_data)
    QUAST(BCFTOOLS_CONSENSUS.out.fasta, fasta)

    emit:
    reports = PANGOLIN.out.csv.mix(NEXTCLADE.out.csv, QUAST.out.tsv).map { _meta, report -> report }
}
