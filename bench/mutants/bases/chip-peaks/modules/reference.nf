process BWA_INDEX {
    label 'process_single'
    container 'quay.io/biocontainers/bwa:0.7.18--he4a0461_1'

    input:
    path fasta

    output:
    path 'bwa', emit: index

    script:
    """
    mkdir bwa
    bwa index -p bwa/genome ${fasta}
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

process CHROM_SIZES {
    label 'process_single'
    container 'quay.io/biocontainers/coreutils:9.5'

    input:
    path fai

    output:
    path 'genome.sizes', emit: sizes

    script:
    """
    cut -f 1,2 ${fai} > genome.sizes
    """
}

process BLACKLIST {
    label 'process_single'
    container 'quay.io/biocontainers/bedtools:2.31.1--hf5e1c6e_2'

    input:
    path sizes
    path blacklist

    output:
    path 'keep.bed', emit: bed

    script:
    """
    sort -k1,1 -k2,2n ${blacklist} | bedtools complement -i - -g ${sizes} > keep.bed
    """
}
