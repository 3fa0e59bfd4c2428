process TRIM_GALORE {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/trim-galore:0.6.10--hdfd78af_1'

    input:
    tuple val(meta), path(fastq_1), path(fastq_2)

    output:
    tuple val(meta), path('*_val_1.fq.gz'), path('*_val_2.fq.gz'), emit: reads
    tuple val(meta), path('*report.txt'), emit: log

    script:
    """
    trim_galore --cores ${task.cpus} --paired --gzip ${fastq_1} ${fastq_2}
    """
}

process CAT_RUNS {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/coreutils:9.5'

    input:
    tuple val(meta), path(fastqs_1, stageAs: 'r1/?/*'), path(fastqs_2, stageAs: 'r2/?/*')

    output:
    tuple val(meta), path('*.all_1.fastq.gz'), path('*.all_2.fastq.gz'), emit: reads

    script:
    """
    cat ${fastqs_1} > ${meta.id}.all_1.fastq.gz
    cat ${fastqs_2} > ${meta.id}.all_2.fastq.gz
    """
}

process FASTQC {
    tag "${meta.id}"
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
