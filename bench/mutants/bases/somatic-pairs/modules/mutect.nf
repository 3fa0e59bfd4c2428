process MUTECT2 {
    tag "${meta.id} ${chromosome}"
    label 'process_low'
    container 'quay.io/biocontainers/gatk4:4.6.1.0--py310hdfd78af_0'

    input:
    tuple val(meta), path(tumour), path(tumour_bai), path(normal), path(normal_bai), val(chromosome)
    path fasta
    path fai
    path dict
    path gnomad
    path gnomad_tbi

    output:
    tuple val(meta), path('*.vcf.gz'), emit: vcf
    tuple val(meta), path('*.vcf.gz.stats'), emit: stats

    script:
    """
    gatk Mutect2 --native-pair-hmm-threads ${task.cpus} --reference ${fasta} --intervals ${chromosome} \\
        --input ${tumour} --input ${normal} --normal-sample ${meta.id}_normal \\
        --germline-resource ${gnomad} --output ${meta.id}.${chromosome}.vcf.gz
    """
}

process MERGE_CALLS {
    tag "${meta.id}"
    container 'quay.io/biocontainers/gatk4:4.6.1.0--py310hdfd78af_0'

    input:
    tuple val(meta), path(vcfs)
    path dict

    output:
    tuple val(meta), path('*.merged.vcf.gz'), emit: vcf

    script:
    def inputs = vcfs.collect { vcf -> "--INPUT ${vcf}" }.join(' ')
    """
    gatk MergeVcfs ${inputs} --SEQUENCE_DICTIONARY ${dict} --OUTPUT ${meta.id}.merged.vcf.gz
    """
}

process MERGE_STATS {
    tag "${meta.id}"
    container 'quay.io/biocontainers/gatk4:4.6.1.0--py310hdfd78af_0'

    input:
    tuple val(meta), path(stats)

    output:
    tuple val(meta), path('*.merged.stats'), emit: stats

    script:
    def inputs = stats.collect { part -> "--stats ${part}" }.join(' ')
    """
    gatk MergeMutectStats ${inputs} --output ${meta.id}.merged.stats
    """
}

process PILEUPS {
    tag "${meta.id}"
    container 'quay.io/biocontainers/gatk4:4.6.1.0--py310hdfd78af_0'

    input:
    tuple val(meta), path(bam), path(bai)
    path fasta
    path gnomad
    path gnomad_tbi

    output:
    tuple val(meta), path('*.pileups.table'), emit: table

    script:
    """
    gatk GetPileupSummaries --input ${bam} --reference ${fasta} --variant ${gnomad} --intervals ${gnomad} --output ${meta.id}.pileups.table
    """
}

process CONTAMINATION {
    tag "${meta.id}"
    container 'quay.io/biocontainers/gatk4:4.6.1.0--py310hdfd78af_0'

    input:
    tuple val(meta), path(pileups)

    output:
    tuple val(meta), path('*.contamination.table'), emit: table

    script:
    """
    gatk CalculateContamination --input ${pileups} --output ${meta.id}.contamination.table
    """
}

process FILTER_CALLS {
    tag "${meta.id}"
    container 'quay.io/biocontainers/gatk4:4.6.1.0--py310hdfd78af_0'

    input:
    tuple val(meta), path(vcf), path(stats), path(contamination)
    path fasta
    path fai
    path dict

    output:
    tuple val(meta), path('*.filtered.vcf.gz'), emit: vcf

    script:
    """
    gatk FilterMutectCalls --variant ${vcf} --stats ${stats} --contamination-table ${contamination} \\
        --reference ${fasta} --output ${meta.id}.filtered.vcf.gz
    """
}
