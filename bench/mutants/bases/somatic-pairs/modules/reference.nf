process BWA_INDEX {
    container 'quay.io/biocontainers/bwa:0.7.18--he4a0461_1'

    input:
    path fasta

    output:
    path 'index', emit: index

    script:
    """
    mkdir index
    bwa index -p index/genome ${fasta}
    """
}

process FAIDX {
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

process DICTIONARY {
    container 'quay.io/biocontainers/samtools:1.21--h50ea8bc_0'

    input:
    path fasta

    output:
    path '*.dict', emit: dict

    script:
    """
    samtools dict --output ${fasta.baseName}.dict ${fasta}
    """
}
