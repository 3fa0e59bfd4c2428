process FASTP {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/fastp:0.24.0--heae3180_1'

    input:
    tuple val(meta), path(fastq_1), path(fastq_2)

    output:
    tuple val(meta), path('*.trim_1.fastq.gz'), path('*.trim_2.fastq.gz'), emit: reads
    tuple val(meta), path('*.fastp.json'), emit: json

    script:
    def args = task.ext.args ?: ''
    """
    fastp ${args} --thread ${task.cpus} --in1 ${fastq_1} --in2 ${fastq_2} \\
        --out1 ${meta.id}.trim_1.fastq.gz --out2 ${meta.id}.trim_2.fastq.gz --json ${meta.id}.fastp.json
    """
}

process KRAKEN2 {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/kraken2:2.1.3--pl5321h077b44d_4'

    input:
    tuple val(meta), path(fastq_1), path(fastq_2)
    path kraken_db

    output:
    tuple val(meta), path('*.kraken2.txt'), emit: report

    script:
    """
    kraken2 --db ${kraken_db} --threads ${task.cpus} --paired --report ${meta.id}.kraken2.txt --output - ${fastq_1} ${fastq_2}
    """
}
