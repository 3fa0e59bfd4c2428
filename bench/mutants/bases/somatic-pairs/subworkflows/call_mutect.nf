// Mutect2 by chromosome; a patient's calls are filtered once all of its chromosomes are there.

include { MUTECT2         } from '../modules/mutect'
include { MERGE_CALLS     } from '../modules/mutect'
include { MERGE_STATS     } from '../modules/mutect'
include { PILEUPS         } from '../modules/mutect'
include { CONTAMINATION   } from '../modules/mutect'
include { FILTER_CALLS    } from '../modules/mutect'

workflow CALL_MUTECT {
    take:
    pairs // [ [id], tumour, tumour_bai, normal, normal_bai ]
    fasta
    fai
    dict
    gnomad
    gnomad_tbi

    main:
    chromosomes = channel.fromList(params.chromosomes)
    MUTECT2(pairs.combine(chromosomes), fasta, fai, dict, gnomad, gnomad_tbi)

    calls = MUTECT2.out.vcf
        .map { meta, vcf -> tuple(groupKey(meta, params.chromosomes.size()), vcf) }
        .groupTuple()
        .map { key, vcfs -> tuple(key.getGroupTarget(), vcfs) }
    stats = MUTECT2.out.stats.groupTuple(size: params.chromosomes.size())

    MERGE_CALLS(calls, dict)
    MERGE_STATS(stats)

    tumours = pairs.map { meta, tumour, tumour_bai, _normal, _normal_bai -> tuple(meta, tumour, tumour_bai) }
    PILEUPS(tumours, fasta, gnomad, gnomad_tbi)
    CONTAMINATION(PILEUPS.out.table)

    FILTER_CALLS(MERGE_CALLS.out.vcf.join(MERGE_STATS.out.stats).join(CONTAMINATION.out.table), fasta, fai, dict)

    emit:
    vcf = FILTER_CALLS.out.vcf
}
