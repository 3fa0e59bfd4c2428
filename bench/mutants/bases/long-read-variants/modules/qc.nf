process NANOPLOT {
    tag "${meta.id} ${meta.cell}"
    label 'process_low'
    container 'quay.io/biocontainers/nanoplot:1.44.1--pyhdfd78af_0'

    input:
    tuple val(meta), path(fastq)

    output:
    tuple val(meta), path('*.NanoStats.txt'), emit: stats

    script:
    """
    NanoPlot --threads ${task.cpus} --fastq ${fastq} --no_static --prefix ${meta.id}_${meta.cell}.
    """
}

process COVERAGE {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/mosdepth:0.3.10--h4e814b3_1'

    input:
    tuple val(meta), path(bam), path(bai)

    output:
    tuple val(meta), path('*.mosdepth.summary.txt'), emit: summary

    script:
    """
    mosdepth --threads ${task.cpus} --no-per-base ${meta.id} ${bam}
    """
}

process ALIGNMENT_STATS {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/samtools:1.21--h50ea8bc_0'

    input:
    tuple val(meta), path(bam), path(bai)

    output:
    tuple val(meta), path('*.alignment_stats.txt'), emit: stats

    script:
    """
    samtools stats -@ ${task.cpus} ${bam} > ${meta.id}.alignment_stats.txt
    """
}
