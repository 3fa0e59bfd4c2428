process SAMTOOLS_SORT {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/samtools:1.21--h50ea8bc_0'
    publishDir "${params.outdir}/star", mode: 'copy'

    input:
    tuple val(meta), path(bam)

    output:
    tuple val(meta), path('*.sorted.bam'), emit: bam

    script:
    """
    samtools sort -@ ${task.cpus} -o ${meta.id}.sorted.bam ${bam}
    """
}

process SAMTOOLS_INDEX {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/samtools:1.21--h50ea8bc_0'
    publishDir "${params.outdir}/star", mode: 'copy'

    input:
    tuple val(meta), path(bam)

    output:
    tuple val(meta), path('*.bai'), emit: bai

    script:
    """
    samtools index -@ ${task.cpus} ${bam}
    """
}
