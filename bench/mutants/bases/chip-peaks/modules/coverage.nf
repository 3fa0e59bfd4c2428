process FINGERPRINT {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/deeptools:3.5.5--pyhdfd78af_0'

    input:
    tuple val(meta), path(bam), path(bai)

    output:
    tuple val(meta), path('*.fingerprint.txt'), emit: metrics

    script:
    """
    plotFingerprint --numberOfProcessors ${task.cpus} --bamfiles ${bam} --outQualityMetrics ${meta.id}.fingerprint.txt
    """
}

process BIGWIG {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/deeptools:3.5.5--pyhdfd78af_0'
    publishDir "${params.outdir}/bigwig", mode: 'copy'

    input:
    tuple val(meta), path(bam), path(bai)

    output:
    tuple val(meta), path('*.bw'), emit: bigwig

    script:
    """
    bamCoverage --numberOfProcessors ${task.cpus} --bam ${bam} --normalizeUsing CPM --outFileName ${meta.id}.bw
    """
}

process NORMALISED_BIGWIG {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/deeptools:3.5.5--pyhdfd78af_0'
    publishDir "${params.outdir}/bigwig", mode: 'copy'

    input:
    tuple val(meta), path(treated), path(treated_bai), path(control), path(control_bai)

    output:
    tuple val(meta), path('*.log2.bw'), emit: bigwig

    script:
    """
    bamCompare --numberOfProcessors ${task.cpus} -b1 ${treated} -b2 ${control} --operation log2 --outFileName ${meta.id}.log2.bw
    """
}
