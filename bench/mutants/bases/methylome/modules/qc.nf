process FLAGSTAT {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/samtools:1.21--h50ea8bc_0'

    input:
    tuple val(meta), path(bam), path(bai)

    output:
    tuple val(meta), path('*.flagstat'), emit: flagstat

    script:
    """
    samtools flagstat --threads ${task.cpus} ${bam} > ${meta.id}.flagstat
    """
}

process STATS {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/samtools:1.21--h50ea8bc_0'

    input:
    tuple val(meta), path(bam), path(bai)
    path fasta

    output:
    tuple val(meta), path('*.stats'), emit: stats

    script:
    """
    samtools stats --threads ${task.cpus} --reference ${fasta} ${bam} > ${meta.id}.stats
    """
}

process HSMETRICS {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/picard:3.3.0--hdfd78af_0'

    input:
    tuple val(meta), path(bam), path(bai)
    path fasta

    output:
    tuple val(meta), path('*.wgs_metrics.txt'), emit: metrics

    script:
    """
    picard CollectWgsMetrics --INPUT ${bam} --REFERENCE_SEQUENCE ${fasta} --OUTPUT ${meta.id}.wgs_metrics.txt
    """
}
