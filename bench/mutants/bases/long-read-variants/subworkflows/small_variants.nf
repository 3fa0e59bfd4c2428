include { CLAIR3; CONCAT_CONTIGS; INDEX_VCF } from '../modules/clair3'
include { PHASE; HAPLOTAG                   } from '../modules/phase'
include { VARIANT_STATS                     } from '../modules/clair3'

workflow SMALL_VARIANTS {
    take:
    alignments // [ [id], bam, bai ]
    fasta
    fai

    main:
    contigs = channel.of('chr1', 'chr2', 'chr3', 'chr4')
    CLAIR3(alignments.combine(contigs), fasta, fai)

    whole = CLAIR3.out.vcf
        .map { meta, vcf -> tuple(groupKey(meta, 4), vcf) }
        .groupTuple()
        .map { key, vcfs -> tuple(key.getGroupTarget(), vcfs) }
    CONCAT_CONTIGS(whole)
    INDEX_VCF(CONCAT_CONTIGS.out.vcf)
    VARIANT_STATS(CONCAT_CONTIGS.out.vcf)

    PHASE(alignments.join(CONCAT_CONTIGS.out.vcf), fasta, fai)
    HAPLOTAG(alignments.join(PHASE.out.vcf), fasta, fai)

    emit:
    haplotagged = HAPLOTAG.out.bam
    phased      = PHASE.out.vcf
}
