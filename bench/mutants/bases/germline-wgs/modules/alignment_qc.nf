process SAMTOOLS_STATS {
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

process MOSDEPTH {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/mosdepth:0.3.10--h4e814b3_1'

    input:
    tuple val(meta), path(bam), path(bai)

    output:
    tuple val(meta), path('*.mosdepth.summary.txt'), emit: summary

    script:
    """
    mosdepth --threads ${task.cpus} --no-per-base --fast-mode ${meta.id} ${bam}
    """
}

process INSERT_SIZES {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/picard:3.3.0--hdfd78af_0'

    input:
    tuple val(meta), path(bam), path(bai)

    output:
    tuple val(meta), path('*.insert_sizes.txt'), emit: sizes

    script:
    """
    picard CollectInsertSizeMetrics --INPUT ${bam} --OUTPUT ${meta.id}.insert_sizes.txt --Histogram_FILE ${meta.id}.pdf
    """
}
