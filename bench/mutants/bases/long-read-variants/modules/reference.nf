process MINIMAP_INDEX {
    label 'process_medium'
    container 'quay.io/biocontainers/minimap2:2.28--he4a0461_3'

    input:
    path fasta

    output:
    path '*.mmi', emit: index

    script:
    """
    minimap2 -t ${task.cpus} -x map-ont -d ${fasta.baseName}.mmi ${fasta}
    """
}

process FAIDX {
    label 'process_single'
    container 'quay.io/biocontainers/samtools:1.21--h50ea8bc_0'

    input:
    path fasta

    output:
    path '*.fai', emit: fai

    script:
    """
    samtools faidx ${fasta}
    """
}
