process ABRICATE {
    tag "$meta.id $db"
    label 'process_low'
    container 'quay.io/biocontainers/abricate:1.0.1--ha8f3691_2'

    input:
    tuple val(meta), path(assembly), val(db)

    output:
    tuple val(meta), path("*.hits.tab"), emit: hits

    script:
    """
    abricate --threads $task.cpus --db $db $assembly > ${meta.id}.${db}.hits.tab
    """
}

process ABRICATE_SUMMARY {
    tag "$meta.id"
    label 'process_single'
    container 'quay.io/biocontainers/abricate:1.0.1--ha8f3691_2'
    publishDir "${params.outdir}/abricate", mode: 'copy'

    input:
    tuple val(meta), path(hits)

    output:
    tuple val(meta), path("*.summary.tab"), emit: tab

    script:
    """
    abricate --summary $hits > ${meta.id}.summary.tab
    """
}
