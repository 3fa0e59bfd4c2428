process FLAGSTAT {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/samtools:1.21--h50ea8bc_0'
    publishDir "${params.outdir}/qc", mode: 'copy'

    input:
    tuple val(meta), path(bam)

    output:
    tuple val(meta), path('*.flagstat'), emit: flagstat

    script:
    """
    samtools flagstat --threads ${task.cpus} ${bam} > ${meta.id}.flagstat
    """
}

process QUALIMAP {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/qualimap:2.3--hdfd78af_0'
    publishDir "${params.outdir}/qc", mode: 'copy'

    input:
    tuple val(meta), path(bam)

    output:
    tuple val(meta), path("${meta.id}_qualimap"), emit: report

    script:
    """
    qualimap bamqc -bam ${bam} -nt ${task.cpus} -outdir ${meta.id}_qualimap
    """
}
