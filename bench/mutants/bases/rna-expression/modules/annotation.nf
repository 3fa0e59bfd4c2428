process STAR_INDEX {
    label 'process_high'
    container 'quay.io/biocontainers/star:2.7.11b--h43eeafb_3'

    input:
    path fasta
    path gtf

    output:
    path 'star', emit: index

    script:
    """
    STAR --runMode genomeGenerate --runThreadN ${task.cpus} --genomeDir star --genomeFastaFiles ${fasta} --sjdbGTFfile ${gtf}
    """
}

process SALMON_INDEX {
    label 'process_medium'
    container 'quay.io/biocontainers/salmon:1.10.3--h45fbf2d_4'

    input:
    path transcripts

    output:
    path 'salmon', emit: index

    script:
    """
    salmon index --threads ${task.cpus} --transcripts ${transcripts} --index salmon
    """
}

process GTF_TO_BED {
    label 'process_single'
    container 'quay.io/biocontainers/bedops:2.4.41--h4ac6f70_2'

    input:
    path gtf

    output:
    path '*.bed', emit: bed

    script:
    """
    gtf2bed < ${gtf} > ${gtf.baseName}.bed
    """
}
