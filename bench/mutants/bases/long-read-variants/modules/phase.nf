process PHASE {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/whatshap:2.3--py310h84f13bb_2'
    publishDir "${params.outdir}/phased", mode: 'copy'

    input:
    tuple val(meta), path(bam), path(bai), path(vcf)
    path fasta
    path fai

    output:
    tuple val(meta), path('*.phased.vcf'), emit: vcf

    script:
    """
    whatshap phase --reference ${fasta} --output ${meta.id}.phased.vcf ${vcf} ${bam}
    """
}

process HAPLOTAG {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/whatshap:2.3--py310h84f13bb_2'
    publishDir "${params.outdir}/phased", mode: 'copy'

    input:
    tuple val(meta), path(bam), path(bai), path(vcf)
    path fasta
    path fai

    output:
    tuple val(meta), path('*.haplotagged.bam'), emit: bam

    script:
    """
    whatshap haplotag --output-threads ${task.cpus} --reference ${fasta} --output ${meta.id}.haplotagged.bam ${vcf} ${bam}
    """
}
