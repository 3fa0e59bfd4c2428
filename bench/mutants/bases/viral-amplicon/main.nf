#!/usr/bin/env nextflow
/*
 * Consensus genomes and lineages of a virus from amplicon reads. What is published stands in conf/publish.config.
 */

include { PREPARE   } from './subworkflows/prepare'
include { MAP       } from './subworkflows/map'
include { VARIANTS  } from './subworkflows/variants'
include { CONSENSUS } from './subworkflows/consensus'
include { MULTIQC   } from './modules/report'

workflow {
    reads = channel
        .fromPath(params.input, checkIfExists: true)
        .splitCsv(header: true)
        .map { row -> tuple([id: row.sample], file(row.fastq_1), file(row.fastq_2)) }

    fasta = file(params.fasta)
    gff = file(params.gff)
    primers = file(params.primers)
    kraken_db = file(params.kraken_db)

    PREPARE(fasta)
    MAP(reads, PREPARE.out.index, primers, kraken_db)
    VARIANTS(MAP.out.bam, fasta, PREPARE.out.fai, gff)
    CONSENSUS(MAP.out.bam, VARIANTS.out.vcf, fasta, file(params.nextclade_data))

    if (!params.skip_multiqc) {
        MULTIQC(MAP.out.reports.mix(VARIANTS.out.reports, CONSENSUS.out.reports).collect(), file(params.multiqc_config))
    }
}
