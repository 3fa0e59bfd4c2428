process FILTLONG {
    tag "${meta.id} ${meta.cell}"
    label 'process_single'
    container 'quay.io/biocontainers/filtlong:0.2.1--hdcf5f25_4'

    input:
    tuple val(meta), path(fastq)

    output:
    tuple val(meta), path('*.kept.fastq'), emit: reads

    script:
    """
    filtlong --min_length 1000 --keep_percent 95 ${fastq} > ${meta.id}_${meta.cell}.kept.fastq
    """
}

process MINIMAP_ALIGN {
    tag "${meta.id} ${meta.cell}"
    label 'process_high'
    container 'quay.io/biocontainers/mulled-v2-66534bcbb7031a148b13e2ad42583020b9cd25c4:latest'

    input:
    tuple val(meta), path(fastq)
    path index

    output:
    tuple val(meta), path('*.cell.bam'), emit: bam

    script:
    """
    minimap2 -t ${task.cpus} -ax map-ont ${index} ${fastq} | samtools sort -o ${meta.id}_${meta.cell}.cell.bam -
    """
}

process MERGE_CELLS {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/samtools:1.21--h50ea8bc_0'
    publishDir "${params.outdir}/bam", mode: 'copy'

    input:
    tuple val(meta), path(bams)

    output:
    tuple val(meta), path('*.merged.bam'), emit: bam

    script:
    """
    samtools merge -@ ${task.cpus} -o ${meta.id}.merged.bam ${bams}
    """
}

process BAM_INDEX {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/samtools:1.21--h50ea8bc_0'
    publishDir "${params.outdir}/bam", mode: 'copy'

    input:
    tuple val(meta), path(bam)

    output:
    tuple val(meta), path('*.bai'), emit: bai

    script:
    """
    samtools index -@ ${task.cpus} ${bam}
    """
}
