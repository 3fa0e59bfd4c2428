include { KRAKEN2   } from '../modules/taxonomy'
include { BRACKEN   } from '../modules/taxonomy'
include { METAPHLAN } from '../modules/taxonomy'
include { KRONA     } from '../modules/taxonomy'
include { NONPAREIL } from '../modules/taxonomy'

workflow PROFILE_READS {
    take:
    reads // [ [id, libraries], fastq, fastq ]
    kraken_db

    main:
    KRAKEN2(reads, kraken_db)
    BRACKEN(KRAKEN2.out.report, kraken_db)
    METAPHLAN(reads, file(params.metaphlan_db))
    NONPAREIL(reads)

    // Each profile is drawn as soon as it is there.
    profiles = BRACKEN.out.profile.mix(METAPHLAN.out.profile)
    KRONA(profiles)

    emit:
    reports = KRAKEN2.out.report.mix(NONPAREIL.out.curve)
}
