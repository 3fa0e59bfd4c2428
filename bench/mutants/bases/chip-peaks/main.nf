#!/usr/bin/env nextflow
/*
 * Peaks of chromatin immunoprecipitation against their controls, and how well replicates agree.
 */

include { BWA_INDEX; FAIDX; CHROM_SIZES; BLACKLIST } from './modules/reference'
include { ALIGN_LIBRARIES             } from './subworkflows/align_libraries'
include { CALL_PEAKS                  } from './subworkflows/call_peaks'
include { MULTIQC                     } from './modules/report'

workflow {
    // sample,antibody,control,replicates,lanes,fastq
    libraries = channel
        .fromPath(params.input, checkIfExists: true)
        .splitCsv(header: true)
        .map { row -> tuple([id: row.sample, antibody: row.antibody, control: row.control, replicates: row.replicates.toInteger(), lanes: row.lanes.toInteger()], file(row.fastq)) }

    fasta = file(params.fasta)
    gtf = file(params.gtf)

    BWA_INDEX(fasta)
    FAIDX(fasta)
    CHROM_SIZES(FAIDX.out.fai)
    BLACKLIST(CHROM_SIZES.out.sizes, file(params.blacklist))

    ALIGN_LIBRARIES(libraries, fasta, BWA_INDEX.out.index, BLACKLIST.out.bed)
    CALL_PEAKS(ALIGN_LIBRARIES.out.bam, CHROM_SIZES.out.sizes, gtf, fasta)

    MULTIQC(ALIGN_LIBRARIES.out.reports.mix(CALL_PEAKS.out.reports).collect())
}
