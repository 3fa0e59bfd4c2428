// Variants of each isolate, then one tree of all.

include { SNIPPY; SNIPPY_CORE; IQTREE; MASKED; COMPRESS } from '../modules/phylogeny'

workflow PHYLOGENY {
    take:
    reads
    reference

    main:
    SNIPPY(reads, reference)
    MASKED(SNIPPY.out.vcf, file(params.mask))
    // Both kinds of table are compressed as they come.
    COMPRESS(SNIPPY.out.vcf.mix(MASKED.out.vcf))

    SNIPPY_CORE(SNIPPY.out.folder.map { meta, folder -> folder }.collect(), reference)
    IQTREE(SNIPPY_CORE.out.alignment)
}
