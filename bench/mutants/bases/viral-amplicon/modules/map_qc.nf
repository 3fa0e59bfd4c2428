process MOSDEPTH {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/mosdepth:0.3.10--h4e814b3_1'

    input:
    tuple val(meta), path(bam), path(bai)

    output:
    tuple val(meta), path('*.mosdepth.summary.txt'), emit: summary

    script:
    """
    mosdepth --threads ${task.cpus} --by 200 ${meta.id} ${bam}
    """
}

process FLAGSTAT {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/samtools:1.21--h50ea8bc_0'

    input:
    tuple val(meta), path(bam), path(bai)

    output:
    tuple val(meta), path('*.flagstat'), emit: flagstat

    script:
    """
    samtools flagstat --threads ${task.cpus} ${bam} > ${meta.id}.flagstat
    """
}

process DUPLICATES {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/picard:3.3.0--hdfd78af_0'

    input:
    tuple val(meta), path(bam)

    output:
    tuple val(meta), path('*.duplicates.txt'), emit: metrics

    script:
    """
    picard MarkDuplicates --INPUT ${bam} --OUTPUT ${meta.id}.marked.bam --METRICS_FILE ${meta.id}.duplicates.txt
    """
}
