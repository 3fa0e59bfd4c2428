#!/usr/bin/env nextflow
nextflow.enable.dsl = 2

// Genomes of bacterial isolates: assembled, typed, annotated, compared with a reference. Written in the manner of 2021.

include { FASTP; MASH_SCREEN               } from './modules/reads'
include { SPADES; QUAST; CHECKM; POLISH    } from './modules/assembly'
include { PROKKA; MLST; AMRFINDER; SEROTYPE } from './modules/typing'
include { ABRICATE; ABRICATE_SUMMARY       } from './modules/abricate'
include { PHYLOGENY                        } from './workflows/phylogeny'
include { MULTIQC                          } from './modules/multiqc'

Channel
    .fromPath(params.input)
    .splitCsv(header: true, sep: '\t')
    .map { row -> [ [id: row.isolate], file(row.r1), file(row.r2) ] }
    .set { ch_reads }

workflow {
    reference = file(params.reference)
    mash_db   = file(params.mash_db)

    FASTP(ch_reads)
    MASH_SCREEN(FASTP.out.reads, mash_db)
    SPADES(FASTP.out.reads)
    POLISH(SPADES.out.contigs.join(FASTP.out.reads))

    POLISH.out.assembly.set { ch_assemblies }
    QUAST(ch_assemblies, reference)
    CHECKM(ch_assemblies)
    PROKKA(ch_assemblies)
    MLST(ch_assemblies)
    SEROTYPE(ch_assemblies)
    AMRFINDER(ch_assemblies.join(PROKKA.out.proteins), file(params.amr_db))

    // Every assembly against every database; a table for an isolate as soon as all databases have been asked.
    Channel.fromList(params.abricate_dbs).set { ch_dbs }
    ABRICATE(ch_assemblies.combine(ch_dbs))
    ABRICATE.out.hits
        .map { meta, hits -> [ groupKey(meta, params.abricate_dbs.size()), hits ] }
        .groupTuple()
        .map { key, hits -> [ key.getGroupTarget(), hits ] }
        .set { ch_hits }
    ABRICATE_SUMMARY(ch_hits)

    PHYLOGENY(FASTP.out.reads, reference)

    FASTP.out.json
        .mix(QUAST.out.tsv, CHECKM.out.tsv, MASH_SCREEN.out.tab)
        .map { meta, report -> report }
        .collect()
        .set { ch_reports }
    MULTIQC(ch_reports)
}
