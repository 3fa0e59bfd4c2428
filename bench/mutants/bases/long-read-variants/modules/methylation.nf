process MODKIT {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/ont-modkit:0.4.2--hcdda2d0_0'
    publishDir "${params.outdir}/methylation", mode: 'copy'

    input:
    tuple val(meta), path(bam)
    path fasta
    path fai

    output:
    tuple val(meta), path('*.bedmethyl'), emit: bed

    script:
    """
    samtools index -@ ${task.cpus} ${bam}
    modkit pileup --threads ${task.cpus} --ref ${fasta} ${bam} ${meta.id}.bedmethyl
    """
}
