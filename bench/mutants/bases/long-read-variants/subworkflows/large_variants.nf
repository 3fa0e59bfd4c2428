// Two callers; what either says is sorted and compressed as it comes, and the two of a sample are merged.

include { SNIFFLES; CUTESV; SORT_VCF; SURVIVOR } from '../modules/structural'

workflow LARGE_VARIANTS {
    take:
    alignments // [ [id], bam, bai ]
    fasta
    fai
    repeats

    main:
    SNIFFLES(alignments, fasta, fai, repeats)
    CUTESV(alignments, fasta, fai)
    SORT_VCF(SNIFFLES.out.vcf.mix(CUTESV.out.vcf))
    SURVIVOR(SORT_VCF.out.vcf.groupTuple(size: 2))
}
