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
    def stem = fastq_1.simpleName
    """
    fastp --thread ${task.cpus} --in1 ${fastq_1} --in2 ${fastq_2} \\
        --out1 ${stem}.trim_1.fastq.gz --out2 ${stem}.trim_2.fastq.gz --json ${stem}.fastp.json
    """
}

process POOL_LIBRARIES {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/coreutils:9.5'

    input:
    tuple val(meta), path(fastqs_1, stageAs: 'r1/?/*'), path(fastqs_2, stageAs: 'r2/?/*')

    output:
    tuple val(meta), path('*.pooled_1.fastq.gz'), path('*.pooled_2.fastq.gz'), emit: reads

    script:
    """
    cat ${fastqs_1} > ${meta.id}.pooled_1.fastq.gz
    cat ${fastqs_2} > ${meta.id}.pooled_2.fastq.gz
    """
}
