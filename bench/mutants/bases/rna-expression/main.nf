#!/usr/bin/env nextflow
/*
 * Expression of genes and transcripts from short RNA reads, several runs a sample.
 */

include { PREPARE_ANNOTATION } from './subworkflows/prepare_annotation'
include { READS              } from './subworkflows/reads'
include { ALIGNED            } from './subworkflows/aligned'
include { QUANTIFY           } from './subworkflows/quantify'
include { MULTIQC            } from './modules/multiqc'

workflow {
    runs = channel
        .fromPath(params.input, checkIfExists: true)
        .splitCsv(header: true)
        .map { row -> tuple([id: row.sample, runs: row.runs as Integer, strand: row.strand], file(row.fastq_1), file(row.fastq_2)) }

    fasta = file(params.fasta)
    gtf = file(params.gtf)
    transcripts = file(params.transcripts)

    PREPARE_ANNOTATION(fasta, gtf, transcripts)
    READS(runs)
    ALIGNED(READS.out.reads, PREPARE_ANNOTATION.out.star, gtf, PREPARE_ANNOTATION.out.bed)
    QUANTIFY(READS.out.reads, ALIGNED.out.bam, PREPARE_ANNOTATION.out.salmon, gtf)

    MULTIQC(READS.out.reports.mix(ALIGNED.out.reports, QUANTIFY.out.reports).collect())
}
