process BOWTIE2_BUILD {
    label 'process_single'
    container 'quay.io/biocontainers/bowtie2:2.5.4--he20e202_3'

    input:
    path fasta

    output:
    path 'bowtie2', emit: index

    script:
    """
    mkdir bowtie2
    bowtie2-build ${fasta} bowtie2/virus
    """
}

process FASTA_INDEX {
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
