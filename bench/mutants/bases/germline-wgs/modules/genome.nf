process BWA_INDEX {
    tag "${fasta.name}"
    label 'process_single'
    container 'quay.io/biocontainers/bwa-mem2:2.2.1--hd03093a_5'

    input:
    path fasta

    output:
    path 'bwa', emit: index

    script:
    """
    mkdir bwa
    bwa-mem2 index -p bwa/genome ${fasta}
    """
}

process SAMTOOLS_FAIDX {
    tag "${fasta.name}"
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

process SEQUENCE_DICTIONARY {
    tag "${fasta.name}"
    label 'process_single'
    container 'quay.io/biocontainers/gatk4:4.6.1.0--py310hdfd78af_0'

    input:
    path fasta

    output:
    path '*.dict', emit: dict

    script:
    """
    gatk CreateSequenceDictionary --REFERENCE ${fasta} --OUTPUT ${fasta.baseName}.dict
    """
}

process SPLIT_INTERVALS {
    label 'process_single'
    container 'quay.io/biocontainers/gatk4:4.6.1.0--py310hdfd78af_0'

    input:
    path fasta
    path fai
    path dict

    output:
    path 'intervals/*.interval_list', emit: intervals

    script:
    """
    gatk SplitIntervals --reference ${fasta} --scatter-count ${params.scatter_count} --output intervals
    """
}
