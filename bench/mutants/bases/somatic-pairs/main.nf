#!/usr/bin/env nextflow
/*
 * Somatic variants of tumour and normal pairs by two callers, each scattered over chromosomes.
 */

include { PREPARE_REFERENCE } from './subworkflows/prepare_reference'
include { ALIGN_SAMPLE      } from './subworkflows/align_sample'
include { CALL_MUTECT       } from './subworkflows/call_mutect'
include { CALL_STRELKA      } from './subworkflows/call_strelka'
include { ANNOTATE          } from './subworkflows/annotate'

workflow {
    // patient,status,fastq_1,fastq_2
    samples = channel
        .fromPath(params.input, checkIfExists: true)
        .splitCsv(header: true)
        .map { row -> tuple([id: "${row.patient}_${row.status}", patient: row.patient, status: row.status], file(row.fastq_1), file(row.fastq_2)) }

    fasta = file(params.fasta)
    gnomad = file(params.gnomad)
    gnomad_tbi = file("${params.gnomad}.tbi")
    vep_cache = file(params.vep_cache)

    PREPARE_REFERENCE(fasta)
    ALIGN_SAMPLE(samples, fasta, PREPARE_REFERENCE.out.bwa)

    by_status = ALIGN_SAMPLE.out.bam.branch { meta, _bam, _bai ->
        tumour: meta.status == 'tumour'
        normal: true
    }
    tumours = by_status.tumour.map { meta, bam, bai -> tuple(meta.patient, bam, bai) }
    normals = by_status.normal.map { meta, bam, bai -> tuple(meta.patient, bam, bai) }
    pairs = tumours
        .join(normals)
        .map { patient, tumour, tumour_bai, normal, normal_bai -> tuple([id: patient], tumour, tumour_bai, normal, normal_bai) }

    CALL_MUTECT(pairs, fasta, PREPARE_REFERENCE.out.fai, PREPARE_REFERENCE.out.dict, gnomad, gnomad_tbi)
    CALL_STRELKA(pairs, fasta, PREPARE_REFERENCE.out.fai)
    ANNOTATE(CALL_MUTECT.out.vcf, CALL_STRELKA.out.vcf, vep_cache, fasta)
}
