include { METHYLDACKEL; JOIN_CHROMOSOMES; MBIAS; BEDGRAPH_TO_BIGWIG } from '../modules/extract'
include { BISSNP; SORT_CALLS; COMPRESS                              } from '../modules/extract'

workflow EXTRACT {
    take:
    bam // [ [id], bam, bai ]
    fasta
    fai
    chromosomes // one list of BED files
    snps

    main:
    each_chromosome = chromosomes
        .map { beds -> tuple(beds, beds.size()) }
        .transpose()

    METHYLDACKEL(bam.combine(each_chromosome), fasta, fai)
    by_sample = METHYLDACKEL.out.bedgraph
        .map { meta, count, bedgraph -> tuple(groupKey(meta, count), bedgraph) }
        .groupTuple()
        .map { key, bedgraphs -> tuple(key.getGroupTarget(), bedgraphs) }
    JOIN_CHROMOSOMES(by_sample)
    MBIAS(bam, fasta, fai)
    BEDGRAPH_TO_BIGWIG(JOIN_CHROMOSOMES.out.bedgraph, fai)

    BISSNP(bam.join(JOIN_CHROMOSOMES.out.bedgraph), fasta, fai, snps)
    SORT_CALLS(BISSNP.out.vcf)

    // Text that is handed over is compressed as it comes.
    COMPRESS(JOIN_CHROMOSOMES.out.bedgraph.mix(SORT_CALLS.out.vcf))

    emit:
    reports = MBIAS.out.txt.map { _meta, txt -> txt }
}
