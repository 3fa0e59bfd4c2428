process BWAMETH {
    tag "${meta.id} ${meta.part}"
    label 'process_high'
    container 'quay.io/biocontainers/bwameth:0.2.9--pyh7e72e81_0'

    input:
    tuple val(meta), path(fastq_1), path(fastq_2)
    path fasta
    path index

    output:
    tuple val(meta), path('*.part.bam'), emit: bam

    script:
    """
    bwameth.py --threads ${task.cpus} --reference ${index}/genome.fa ${fastq_1} ${fastq_2} \\
        | samtools sort --reference ${fasta} -o ${meta.id}_${meta.part}.part.bam -
    """
}

process MERGE {
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

process MARK {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/picard:3.3.0--hdfd78af_0'
    publishDir "${params.outdir}/bam", mode: 'copy'

    input:
    tuple val(meta), path(bam)

    output:
    tuple val(meta), path('*.marked.bam'), emit: bam
    tuple val(meta), path('*.metrics.txt'), emit: metrics

    script:
    """
    picard MarkDuplicates --INPUT ${bam} --OUTPUT ${meta.id}.marked.bam --METRICS_FILE ${meta.id}.metrics.txt
    """
}

process INDEX {
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
