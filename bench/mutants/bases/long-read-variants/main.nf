#!/usr/bin/env nextflow
/*
 * Variants, phases and methylation from long reads: cells aligned one by one, joined by sample, called by contig.
 */

include { MINIMAP_INDEX; FAIDX                          } from './modules/reference'
include { FILTLONG; MINIMAP_ALIGN; MERGE_CELLS; BAM_INDEX } from './modules/align'
include { NANOPLOT; COVERAGE; ALIGNMENT_STATS            } from './modules/qc'
include { SMALL_VARIANTS                                } from './subworkflows/small_variants'
include { LARGE_VARIANTS                                } from './subworkflows/large_variants'
include { MODKIT                                        } from './modules/methylation'
include { SUMMARY                                       } from './modules/summary'

workflow {
    cells = channel
        .fromPath(params.input, checkIfExists: true)
        .splitCsv(header: true)
        .map { row -> tuple([id: row.sample, cell: row.cell, cells: row.cells.toInteger()], file(row.fastq)) }

    fasta = file(params.fasta)
    repeats = file(params.tandem_repeats)

    FAIDX(fasta)
    MINIMAP_INDEX(fasta)

    NANOPLOT(cells)
    FILTLONG(cells)
    MINIMAP_ALIGN(FILTLONG.out.reads, MINIMAP_INDEX.out.index)

    by_sample = MINIMAP_ALIGN.out.bam
        .map { meta, bam -> tuple(groupKey([id: meta.id], meta.cells), bam) }
        .groupTuple()
        .map { key, bams -> tuple(key.getGroupTarget(), bams) }
    MERGE_CELLS(by_sample)
    BAM_INDEX(MERGE_CELLS.out.bam)

    alignments = MERGE_CELLS.out.bam.join(BAM_INDEX.out.bai)
    COVERAGE(alignments)
    ALIGNMENT_STATS(alignments)

    SMALL_VARIANTS(alignments, fasta, FAIDX.out.fai)
    LARGE_VARIANTS(alignments, fasta, FAIDX.out.fai, repeats)
    MODKIT(SMALL_VARIANTS.out.haplotagged, fasta, FAIDX.out.fai)

    looks = NANOPLOT.out.stats
        .map { meta, stats -> tuple(groupKey([id: meta.id], meta.cells), stats) }
        .groupTuple()
        .map { key, stats -> tuple(key.getGroupTarget(), stats) }
    SUMMARY(COVERAGE.out.summary.join(ALIGNMENT_STATS.out.stats).join(looks))
}
