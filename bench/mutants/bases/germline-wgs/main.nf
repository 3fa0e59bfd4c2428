#!/usr/bin/env nextflow
/*
 * Germline variants from whole genomes: lanes aligned one by one, merged as soon as a sample is whole, called by interval, genotyped together.
 */

include { PREPARE_GENOME } from './subworkflows/prepare_genome'
include { ALIGN_LANES    } from './subworkflows/align_lanes'
include { ALIGNMENT_QC   } from './subworkflows/alignment_qc'
include { CALL_SMALL     } from './subworkflows/call_small'
include { MULTIQC        } from './modules/multiqc'

workflow {
    // One row a lane; every row says how many lanes its sample has.
    lanes = channel
        .fromPath(params.input, checkIfExists: true)
        .splitCsv(header: true)
        .map { row -> tuple([id: row.sample, lane: row.lane, lanes: row.lanes.toInteger()], file(row.fastq_1), file(row.fastq_2)) }

    fasta = file(params.fasta)
    dbsnp = file(params.dbsnp)
    dbsnp_tbi = file("${params.dbsnp}.tbi")

    PREPARE_GENOME(fasta)
    ALIGN_LANES(lanes, fasta, PREPARE_GENOME.out.bwa)
    ALIGNMENT_QC(ALIGN_LANES.out.bam, fasta)
    CALL_SMALL(ALIGN_LANES.out.bam, fasta, PREPARE_GENOME.out.fai, PREPARE_GENOME.out.dict, PREPARE_GENOME.out.intervals, dbsnp, dbsnp_tbi)

    reports = ALIGN_LANES.out.reports.mix(ALIGNMENT_QC.out.reports, CALL_SMALL.out.reports)
    MULTIQC(reports.collect())
}
