#!/usr/bin/env nextflow
/*
 * Who is in these communities, and what can they do: host reads out, taxonomic profiles, assembly, proteins searched in chunks.
 */

include { CLEAN_READS   } from './subworkflows/clean_reads'
include { PROFILE_READS } from './subworkflows/profile_reads'
include { ASSEMBLE      } from './subworkflows/assemble'
include { SEARCH        } from './subworkflows/search'
include { MULTIQC       } from './modules/multiqc'

workflow {
    samples = channel
        .fromPath(params.input, checkIfExists: true)
        .splitCsv(header: true)
        .map { row -> tuple([id: row.sample, libraries: row.libraries.toInteger()], file(row.fastq_1), file(row.fastq_2)) }

    host = file(params.host)
    kraken_db = file(params.kraken_db)
    proteins = file(params.proteins)

    CLEAN_READS(samples, host)
    PROFILE_READS(CLEAN_READS.out.reads, kraken_db)
    ASSEMBLE(CLEAN_READS.out.reads)
    SEARCH(ASSEMBLE.out.proteins, proteins)

    reports = CLEAN_READS.out.reports
        .mix(PROFILE_READS.out.reports, ASSEMBLE.out.reports)
        .map { _meta, report -> report }
    MULTIQC(reports.collect())
}
