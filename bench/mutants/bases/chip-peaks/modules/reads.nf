process FASTQC {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/fastqc:0.12.1--hdfd78af_0'

    input:
    tuple val(meta), path(fastq)

    output:
    tuple val(meta), path('*.zip'), emit: zip

    script:
    """
    fastqc --threads ${task.cpus} ${fastq}
    """
}

process TRIM_GALORE {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/trim-galore:0.6.10--hdfd78af_1'

    input:
    tuple val(meta), path(fastq)

    output:
    tuple val(meta), path('*_trimmed.fq.gz'), emit: reads

    script:
    """
    trim_galore --cores ${task.cpus} --gzip ${fastq}
    """
}
