process CLAIR3 {
    tag "${meta.id} ${contig}"
    label 'process_medium'
    container 'quay.io/biocontainers/clair3:1.0.10--py39hd649744_1'

    input:
    tuple val(meta), path(bam), path(bai), val(contig)
    path fasta
    path fai

    output:
    tuple val(meta), path('*.clair3.vcf.gz'), emit: vcf

    script:
    """
    run_clair3.sh --threads=${task.cpus} --bam_fn=${bam} --ref_fn=${fasta} --ctg_name=${contig} --platform=ont \\
        --model_path=/opt/models/ont --output=clair3
    mv clair3/merge_output.vcf.gz ${meta.id}.${contig}.clair3.vcf.gz
    """
}

process CONCAT_CONTIGS {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/bcftools:1.21--h8b25389_0'
    publishDir "${params.outdir}/small", mode: 'copy'

    input:
    tuple val(meta), path(vcfs)

    output:
    tuple val(meta), path('*.small.vcf.gz'), emit: vcf

    script:
    """
    bcftools concat --threads ${task.cpus} --naive --output ${meta.id}.small.vcf.gz ${vcfs}
    """
}

process INDEX_VCF {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/tabix:1.11--hdfd78af_0'
    publishDir "${params.outdir}/small", mode: 'copy'

    input:
    tuple val(meta), path(vcf)

    output:
    tuple val(meta), path('*.tbi'), emit: tbi

    script:
    """
    tabix -p vcf ${vcf}
    """
}

process VARIANT_STATS {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/bcftools:1.21--h8b25389_0'
    publishDir "${params.outdir}/small", mode: 'copy'

    input:
    tuple val(meta), path(vcf)

    output:
    tuple val(meta), path('*.variant_stats.txt'), emit: stats

    script:
    """
    bcftools stats --threads ${task.cpus} ${vcf} > ${meta.id}.variant_stats.txt
    """
}
