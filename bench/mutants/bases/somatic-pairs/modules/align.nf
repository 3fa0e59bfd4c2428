process CUTADAPT {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/cutadapt:5.0--py310h1fe012e_0'

    input:
    tuple val(meta), path(fastq_1), path(fastq_2)

    output:
    tuple val(meta), path('*.cut_1.fastq.gz'), path('*.cut_2.fastq.gz'), emit: reads

    script:
    """
    cutadapt --cores ${task.cpus} -a AGATCGGAAGAGC -A AGATCGGAAGAGC --minimum-length 30 \\
        -o ${meta.id}.cut_1.fastq.gz -p ${meta.id}.cut_2.fastq.gz ${fastq_1} ${fastq_2}
    """
}

process BWA_MEM {
    tag "${meta.id}"
    label 'process_high'
    container 'quay.io/biocontainers/mulled-v2-fe8faa35dbf6dc65a0f7f5d4ea12e31a79f73e40:latest'

    input:
    tuple val(meta), path(fastq_1), path(fastq_2)
    path fasta
    path bwa

    output:
    tuple val(meta), path('*.sorted.bam'), emit: bam

    script:
    """
    bwa mem -t ${task.cpus} -R '@RG\\tID:${meta.id}\\tSM:${meta.id}' ${bwa}/genome ${fastq_1} ${fastq_2} > ${meta.id}.sam
    samtools sort --threads ${task.cpus} --reference ${fasta} -o ${meta.id}.sorted.bam ${meta.id}.sam
    rm ${meta.id}.sam
    """
}

process MARKDUP {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/sambamba:1.0.1--h6f6fda4_2'
    publishDir "${params.outdir}/bam", mode: 'copy'

    input:
    tuple val(meta), path(bam)

    output:
    tuple val(meta), path('*.marked.bam'), emit: bam

    script:
    """
    sambamba markdup --nthreads ${task.cpus} ${bam} ${meta.id}.marked.bam
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
