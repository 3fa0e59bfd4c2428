process FASTP {
    tag "${meta.id} ${meta.lane}"
    label 'process_medium'
    container 'quay.io/biocontainers/fastp:0.24.0--heae3180_1'

    input:
    tuple val(meta), path(fastq_1), path(fastq_2)

    output:
    tuple val(meta), path('*.trim_1.fastq.gz'), path('*.trim_2.fastq.gz'), emit: reads
    tuple val(meta), path('*.fastp.json'), emit: json

    script:
    def prefix = "${meta.id}_${meta.lane}"
    """
    fastp --thread ${task.cpus} --detect_adapter_for_pe --in1 ${fastq_1} --in2 ${fastq_2} \\
        --out1 ${prefix}.trim_1.fastq.gz --out2 ${prefix}.trim_2.fastq.gz --json ${prefix}.fastp.json
    """
}

process FASTQC {
    tag "${meta.id} ${meta.lane}"
    label 'process_low'
    container 'quay.io/biocontainers/fastqc:0.12.1--hdfd78af_0'
    publishDir "${params.outdir}/fastqc", mode: 'copy'

    input:
    tuple val(meta), path(fastq_1), path(fastq_2)

    output:
    tuple val(meta), path('*.zip'), emit: zip

    script:
    """
    fastqc --threads ${task.cpus} ${fastq_1} ${fastq_2}
    """
}
