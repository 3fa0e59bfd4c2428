process BWAMETH_INDEX {
    label 'process_single'
    container 'quay.io/biocontainers/bwameth:0.2.9--pyh7e72e81_0'

    input:
    path fasta

    output:
    path 'bwameth', emit: index

    script:
    """
    mkdir bwameth
    cp ${fasta} bwameth/genome.fa
    bwameth.py index bwameth/genome.fa
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

process CHROMOSOMES {
    label 'process_single'
    container 'quay.io/biocontainers/coreutils:9.5'

    input:
    path fai

    output:
    path 'chromosomes/*.bed', emit: beds

    script:
    """
    mkdir chromosomes
    awk '{ print \$1 "\\t0\\t" \$2 > "chromosomes/" \$1 ".bed" }' ${fai}
    """
}
