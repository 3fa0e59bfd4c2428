process BLAST_DB {
    label 'process_single'
    container 'quay.io/biocontainers/blast:2.16.0--h66d330f_5'

    input:
    path proteins

    output:
    path 'db', emit: db

    script:
    """
    makeblastdb -in ${proteins} -dbtype prot -out db/proteins
    """
}

process SPLIT_PROTEINS {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/seqkit:2.9.0--h9ee0642_0'

    input:
    tuple val(meta), path(faa)

    output:
    tuple val(meta), path('chunks/*.faa'), emit: chunks

    script:
    """
    seqkit split2 --threads ${task.cpus} --by-size ${params.chunk_size} --out-dir chunks ${faa}
    """
}

process BLASTP {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/blast:2.16.0--h66d330f_5'

    input:
    tuple val(meta), path(chunk)
    path db

    output:
    tuple val(meta), path('*.hits.tsv'), emit: hits

    script:
    """
    blastp -num_threads ${task.cpus} -query ${chunk} -db ${db}/proteins -outfmt 6 -evalue 1e-10 -out ${chunk.baseName}.hits.tsv
    """
}

process GATHER_HITS {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/coreutils:9.5'
    publishDir "${params.outdir}/hits", mode: 'copy'

    input:
    tuple val(meta), path(hits)

    output:
    tuple val(meta), path('*.all_hits.tsv'), emit: hits

    script:
    """
    cat ${hits} > ${meta.id}.all_hits.tsv
    """
}

process LINEAGES {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/taxonkit:0.19.0--h9ee0642_0'
    publishDir "${params.outdir}/hits", mode: 'copy'

    input:
    tuple val(meta), path(hits)

    output:
    tuple val(meta), path('*.lineages.tsv'), emit: table

    script:
    """
    taxonkit lineage --threads ${task.cpus} --taxid-field 13 ${hits} > ${meta.id}.lineages.tsv
    """
}
