process LOW_COVERAGE {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/bedtools:2.31.1--hf5e1c6e_2'

    input:
    tuple val(meta), path(bam), path(bai)

    output:
    tuple val(meta), path('*.low.bed'), emit: bed

    script:
    """
    bedtools genomecov -bga -ibam ${bam} | awk '\$4 < 10' > ${meta.id}.low.bed
    """
}

process BCFTOOLS_CONSENSUS {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/bcftools:1.21--h8b25389_0'

    input:
    tuple val(meta), path(vcf), path(bed)
    path fasta

    output:
    tuple val(meta), path('*.consensus.fa'), emit: fasta

    script:
    """
    bgzip --stdout ${vcf} > ${meta.id}.vcf.gz
    bcftools index ${meta.id}.vcf.gz
    bcftools consensus --mask ${bed} --fasta-ref ${fasta} --output ${meta.id}.consensus.fa ${meta.id}.vcf.gz
    """
}

process PANGOLIN {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/pangolin:4.3.1--pyhdfd78af_0'

    input:
    tuple val(meta), path(consensus)

    output:
    tuple val(meta), path('*.pangolin.csv'), emit: csv

    script:
    """
    pangolin --threads ${task.cpus} --outfile ${meta.id}.pangolin.csv ${consensus}
    """
}

process NEXTCLADE {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/nextclade:3.9.1--h9ee0642_0'

    input:
    tuple val(meta), path(consensus)
    path nextclade_data

    output:
    tuple val(meta), path('*.nextclade.csv'), emit: csv

    script:
    """
    nextclade run --jobs ${task.cpus} --input-dataset ${nextclade_data} --output-csv ${meta.id}.nextclade.csv ${consensus}
    """
}

process QUAST {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/quast:5.3.0--py313pl5321h5ca1c30_2'

    input:
    tuple val(meta), path(consensus)
    path fasta

    output:
    tuple val(meta), path('*.quast.tsv'), emit: tsv

    script:
    """
    quast.py --threads ${task.cpus} -r ${fasta} --output-dir quast ${consensus}
    mv quast/report.tsv ${meta.id}.quast.tsv
    """
}
