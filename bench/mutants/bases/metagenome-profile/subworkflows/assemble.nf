include { MEGAHIT    } from '../modules/assembly'
include { QUAST      } from '../modules/assembly'
include { PRODIGAL   } from '../modules/assembly'
include { MAP_BACK   } from '../modules/assembly'
include { BIN        } from '../modules/assembly'
include { CHECKM     } from '../modules/assembly'

workflow ASSEMBLE {
    take:
    reads // [ [id, libraries], fastq, fastq ]

    main:
    MEGAHIT(reads)
    QUAST(MEGAHIT.out.contigs)
    PRODIGAL(MEGAHIT.out.contigs)

    MAP_BACK(MEGAHIT.out.contigs.join(reads))
    BIN(MEGAHIT.out.contigs.join(MAP_BACK.out.bam))
    CHECKM(BIN.out.bins)

    emit:
    proteins = PRODIGAL.out.proteins
    reports  = QUAST.out.report.mix(CHECKM.out.table)
}
