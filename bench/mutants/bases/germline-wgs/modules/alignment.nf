process BWA_MEM {
    tag "${meta.id} ${meta.lane}"
    label 'process_high'
    container 'quay.io/biocontainers/mulled-v2-fe8faa35dbf6dc65a0f7f5d4ea12e31a79f73e40:latest'

    input:
    tuple val(meta), path(fastq_1), path(fastq_2)
    path fasta
    path bwa

    output:
    tuple val(meta), path('*.lane.bam'), emit: bam

    script:
    def group = "@RG\\tID:${meta.lane}\\tSM:${meta.id}\\tPL:ILLUMINA"
    """
    bwa-mem2 mem -t ${task.cpus} -R '${group}' ${bwa}/genome ${fastq_1} ${fastq_2} \\
        | samtools view --reference ${fasta} --bam - \\
        | samtools sort -o ${meta.id}_${meta.lane}.lane.bam -
    """
}

process SAMTOOLS_MERGE {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/samtools:1.21--h50ea8bc_0'

    input:
    tuple val(meta), path(bams)

    output:
    tuple val(meta), path('*.merged.bam'), emit: bam

    script:
    """
    samtools merge --threads ${task.cpus} ${meta.id}.merged.bam ${bams}
    """
}

process MARK_DUPLICATES {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/gatk4:4.6.1.0--py310hdfd78af_0'
    publishDir "${params.outdir}/alignments", mode: 'copy', pattern: '*.dedup.bam'

    input:
    tuple val(meta), path(bam)

    output:
    tuple val(meta), path('*.dedup.bam'), emit: bam
    tuple val(meta), path('*.metrics.txt'), emit: metrics

    script:
    """
    gatk --java-options "-Xmx${task.memory.toGiga() - 2}g" MarkDuplicates \\
        --INPUT ${bam} --OUTPUT ${meta.id}.dedup.bam --METRICS_FILE ${meta.id}.metrics.txt
    """
}

process SAMTOOLS_INDEX {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/samtools:1.21--h50ea8bc_0'
    publishDir "${params.outdir}/alignments", mode: 'copy'

    input:
    tuple val(meta), path(bam)

    output:
    tuple val(meta), path('*.bai'), emit: bai

    script:
    """
    samtools index -@ ${task.cpus} ${bam}
    """
}
