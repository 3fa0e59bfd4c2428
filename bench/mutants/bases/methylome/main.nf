#!/usr/bin/env nextflow
/*
 * Methylation from bisulfite reads, extracted chromosome by chromosome.
 */

include { METHYLATION_REFERENCE } from './subworkflows/reference'
include { ALIGN                 } from './subworkflows/align'
include { EXTRACT               } from './subworkflows/extract'
include { MULTIQC               } from './modules/report'

workflow {
    reads = channel
        .fromPath(params.input, checkIfExists: true)
        .splitCsv(header: true)
        .map { row -> tuple([id: row.sample, part: row.part, parts: row.parts.toInteger()], file(row.fastq_1), file(row.fastq_2)) }

    fasta = channel.value(file(params.fasta))
    snps = channel.value(file(params.snps))

    METHYLATION_REFERENCE(fasta)
    ALIGN(reads, fasta, METHYLATION_REFERENCE.out.index)
    EXTRACT(ALIGN.out.bam, fasta, METHYLATION_REFERENCE.out.fai, METHYLATION_REFERENCE.out.chromosomes, snps)

    MULTIQC(ALIGN.out.reports.mix(EXTRACT.out.reports).collect())
}
