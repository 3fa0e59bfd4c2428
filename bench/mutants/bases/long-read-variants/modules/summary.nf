process SUMMARY {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/coreutils:9.5'
    publishDir "${params.outdir}/summary", mode: 'copy'

    input:
    tuple val(meta), path(coverage), path(alignment), path(reads)

    output:
    tuple val(meta), path('*.summary.txt'), emit: summary

    script:
    """
    tail -n 1 ${coverage} > ${meta.id}.summary.txt
    grep '^SN' ${alignment} >> ${meta.id}.summary.txt
    cat ${reads} >> ${meta.id}.summary.txt
    """
}
