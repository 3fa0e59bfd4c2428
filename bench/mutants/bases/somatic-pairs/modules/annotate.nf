process NORMALISE {
    tag "${meta.id} ${meta.caller}"
    label 'process_low'
    container 'quay.io/biocontainers/bcftools:1.21--h8b25389_0'

    input:
    tuple val(meta), path(vcf)
    path fasta

    output:
    tuple val(meta), path('*.norm.vcf.gz'), emit: vcf

    script:
    """
    bcftools norm --threads ${task.cpus} --fasta-ref ${fasta} --output-type z --output ${meta.id}.${meta.caller}.norm.vcf.gz ${vcf}
    """
}

process VEP {
    tag "${meta.id} ${meta.caller}"
    label 'process_medium'
    container 'quay.io/biocontainers/ensembl-vep:113.3--pl5321h2a3209d_0'
    publishDir "${params.outdir}/annotated", mode: 'copy'

    input:
    tuple val(meta), path(vcf)
    path vep_cache

    output:
    tuple val(meta), path('*.vep.vcf.gz'), emit: vcf

    script:
    """
    vep --offline --dir_cache ${vep_cache} --fork ${task.cpus} --vcf --compress_output bgzip \\
        --input_file ${vcf} --output_file ${meta.id}.${meta.caller}.vep.vcf.gz
    """
}

process VCF_STATS {
    tag "${meta.id} ${meta.caller}"
    label 'process_low'
    container 'quay.io/biocontainers/bcftools:1.21--h8b25389_0'
    publishDir "${params.outdir}/annotated", mode: 'copy'

    input:
    tuple val(meta), path(vcf)

    output:
    tuple val(meta), path('*.vcf_stats.txt'), emit: stats

    script:
    """
    bcftools stats --threads ${task.cpus} ${vcf} > ${meta.id}.${meta.caller}.vcf_stats.txt
    """
}

process COMPARE {
    tag "${patient}"
    container 'quay.io/biocontainers/vcftools:0.1.16--pl5321hdcf5f25_11'
    publishDir "${params.outdir}/compared", mode: 'copy'

    input:
    tuple val(patient), path(vcfs)

    output:
    tuple val(patient), path('*.compared.txt'), emit: table

    script:
    """
    vcf-compare ${vcfs} > ${patient}.compared.txt
    """
}
