process FASTQC {
    tag "${meta.id} ${meta.part}"
    label 'process_low'
    container 'quay.io/biocontainers/fastqc:0.12.1--hdfd78af_0'

    input:
    tuple val(meta), path(fastq_1), path(fastq_2)

    output:
    tuple val(meta), path('*.zip'), emit: zip

    script:
    """
    fastqc --threads ${task.cpus} ${fastq_1} ${fastq_2}
    """
}

process TRIM {
    tag "${meta.id} ${meta.part}"
    label 'process_medium'
    container 'quay.io/biocontainers/cutadapt:5.0--py310h1fe012e_0'

    input:
    tuple val(meta), path(fastq_1), path(fastq_2)

    output:
    tuple val(meta), path('*.cut_1.fastq.gz'), path('*.cut_2.fastq.gz'), emit: reads
    tuple val(meta), path('*.cutadapt.txt'), emit: log

    script:
    def prefix = "${meta.id}_${meta.part}"
    """
    cutadapt --cores ${task.cpus} -a AGATCGGAAGAGC -A AGATCGGAAGAGC -q 20 \\
        -o ${prefix}.cut_1.fastq.gz -p ${prefix}.cut_2.fastq.gz ${fastq_1} ${fastq_2} > ${prefix}.cutadapt.txt
    """
}
