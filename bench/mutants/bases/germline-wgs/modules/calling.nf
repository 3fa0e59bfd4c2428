process HAPLOTYPE_CALLER {
    tag "${meta.id} ${interval.baseName}"
    label 'process_low'
    container 'quay.io/biocontainers/gatk4:4.6.1.0--py310hdfd78af_0'

    input:
    tuple val(meta), path(bam), path(bai), path(interval), val(count)
    path fasta
    path fai
    path dict
    path dbsnp
    path dbsnp_tbi

    output:
    tuple val(meta), val(count), path('*.g.vcf.gz'), path('*.g.vcf.gz.tbi'), emit: gvcf

    script:
    """
    gatk HaplotypeCaller --emit-ref-confidence GVCF --native-pair-hmm-threads ${task.cpus} \\
        --input ${bam} --reference ${fasta} --intervals ${interval} --dbsnp ${dbsnp} \\
        --output ${meta.id}.${interval.baseName}.g.vcf.gz
    """
}

process MERGE_GVCFS {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/gatk4:4.6.1.0--py310hdfd78af_0'
    publishDir "${params.outdir}/gvcf", mode: 'copy'

    input:
    tuple val(meta), path(gvcfs), path(tbis)
    path dict

    output:
    tuple val(meta), path('*.whole.g.vcf.gz'), path('*.whole.g.vcf.gz.tbi'), emit: gvcf

    script:
    def inputs = gvcfs.collect { gvcf -> "--INPUT ${gvcf}" }.join(' ')
    """
    gatk MergeVcfs ${inputs} --SEQUENCE_DICTIONARY ${dict} --OUTPUT ${meta.id}.whole.g.vcf.gz
    """
}

process GENOMICSDB_IMPORT {
    tag "${interval.baseName}"
    label 'process_single'
    container 'quay.io/biocontainers/gatk4:4.6.1.0--py310hdfd78af_0'

    input:
    path gvcfs
    path tbis
    path interval

    output:
    tuple path(interval), path("${interval.baseName}.db"), emit: workspace

    script:
    def inputs = gvcfs.collect { gvcf -> "--variant ${gvcf}" }.join(' ')
    """
    gatk GenomicsDBImport ${inputs} --intervals ${interval} --genomicsdb-workspace-path ${interval.baseName}.db
    """
}

process GENOTYPE_GVCFS {
    tag "${interval.baseName}"
    label 'process_single'
    container 'quay.io/biocontainers/gatk4:4.6.1.0--py310hdfd78af_0'

    input:
    tuple path(interval), path(workspace)
    path fasta
    path fai
    path dict

    output:
    tuple val("${interval.baseName}"), path('*.vcf.gz'), emit: vcf

    script:
    """
    gatk GenotypeGVCFs --variant gendb://${workspace} --intervals ${interval} --reference ${fasta} --output ${interval.baseName}.vcf.gz
    """
}

process BCFTOOLS_FILTER {
    tag "${part}"
    label 'process_low'
    container 'quay.io/biocontainers/bcftools:1.21--h8b25389_0'
    publishDir "${params.outdir}/variants", mode: 'copy'

    input:
    tuple val(part), path(vcf)

    output:
    tuple val(part), path('*.filtered.vcf.gz'), emit: vcf

    script:
    """
    bcftools filter --threads ${task.cpus} --exclude 'QUAL < 30' --output-type z --output ${part}.filtered.vcf.gz ${vcf}
    """
}

process BCFTOOLS_STATS {
    tag "${part}"
    label 'process_single'
    container 'quay.io/biocontainers/bcftools:1.21--h8b25389_0'

    input:
    tuple val(part), path(vcf)

    output:
    path '*.stats.txt', emit: stats

    script:
    """
    bcftools stats ${vcf} > ${part}.stats.txt
    """
}
