process FASTP {
    tag "$meta.id"
    label 'process_low'
    container 'quay.io/biocontainers/fastp:0.24.0--heae3180_1'

    input:
    tuple val(meta), path(r1), path(r2)

    output:
    tuple val(meta), path("*_R1.trimmed.fq.gz"), path("*_R2.trimmed.fq.gz"), emit: reads
    tuple val(meta), path("*.json"), emit: json

    script:
    """
    fastp -w $task.cpus -i $r1 -I $r2 -o ${meta.id}_R1.trimmed.fq.gz -O ${meta.id}_R2.trimmed.fq.gz --json ${meta.id}.json
    """
}

process MASH_SCREEN {
    tag "$meta.id"
    label 'process_low'
    container 'quay.io/biocontainers/mash:2.3--hb105d93_10'

    input:
    tuple val(meta), path(r1), path(r2)
    path mash_db

    output:
    tuple val(meta), path("*.screen.tab"), emit: tab

    script:
    """
    mash screen -w -p $task.cpus $mash_db $r1 $r2 > ${meta.id}.screen.tab
    """
}
