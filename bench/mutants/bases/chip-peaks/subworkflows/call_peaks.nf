include { FINGERPRINT; BIGWIG; NORMALISED_BIGWIG } from '../modules/coverage'
include { MACS3; MACS3_BROAD; ANNOTATE; SEQUENCES; FRIP; CONSENSUS; COUNT } from '../modules/peaks'

workflow CALL_PEAKS {
    take:
    bam // [ meta, bam, bai ]
    sizes
    gtf
    fasta

    main:
    FINGERPRINT(bam)
    BIGWIG(bam)

    by_kind = bam.branch { meta, _bam, _bai ->
        treated: meta.control
        control: true
    }
    controls = by_kind.control.map { meta, control, control_bai -> tuple(meta.id, control, control_bai) }
    pairs = by_kind.treated
        .map { meta, treated, treated_bai -> tuple(meta.control, meta, treated, treated_bai) }
        .combine(controls, by: 0)
        .map { _control_id, meta, treated, treated_bai, control, control_bai -> tuple(meta, treated, treated_bai, control, control_bai) }

    MACS3(pairs)
    MACS3_BROAD(pairs)
    NORMALISED_BIGWIG(pairs)

    // Narrow and broad peaks alike, as they come.
    ANNOTATE(MACS3.out.peaks.mix(MACS3_BROAD.out.peaks), gtf, fasta)
    SEQUENCES(MACS3.out.peaks, fasta)
    FRIP(by_kind.treated.join(MACS3.out.peaks))

    CONSENSUS(
        MACS3.out.peaks
            .map { meta, peaks -> tuple(groupKey(meta.antibody, meta.replicates), peaks) }
            .groupTuple()
            .map { key, peaks -> tuple(key.getGroupTarget(), peaks) },
        sizes
    )
    all_bams = bam.map { _meta, alignment, _bai -> alignment }.collect()
    COUNT(CONSENSUS.out.bed, all_bams)

    emit:
    reports = FINGERPRINT.out.metrics.mix(FRIP.out.score, ANNOTATE.out.table).map { _meta, report -> report }
}
