process BOWTIE2 {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/mulled-v2-ac74a7f02cebcfcc07d8e8d1d750af9c83b4d45a:latest'

    input:
    tuple val(meta), path(fastq_1), path(fastq_2)
    path index

    output:
    tuple val(meta), path('*.mapped.bam'), emit: bam

    script:
    """
    bowtie2 --threads ${task.cpus} --local -x ${index}/virus -1 ${fastq_1} -2 ${fastq_2} | samtools view -b -o ${meta.id}.mapped.bam -
    """
}

process IVAR_TRIM {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/ivar:1.4.3--h43eeafb_0'

    input:
    tuple val(meta), path(bam)
    path primers

    output:
    tuple val(meta), path('*.primertrim.bam'), emit: bam

    script:
    """
    ivar trim -i ${bam} -b ${primers} -m 30 -q 20 -e -p ${meta.id}.primertrim
    """
}

process SORT {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/samtools:1.21--h50ea8bc_0'

    input:
    tuple val(meta), path(bam)

    output:
    tuple val(meta), path('*.sorted.bam'), emit: bam

    script:
    """
    samtools sort -@ ${task.cpus} -o ${meta.id}.sorted.bam ${bam}
    """
}

process INDEX {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/samtools:1.21--h50ea8bc_0'

    input:
    tuple val(meta), path(bam)

    output:
    tuple val(meta), path('*.bai'), emit: bai

    script:
    """
    samtools index -@ ${task.cpus} ${bam}
    """
}
