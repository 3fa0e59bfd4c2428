process MANTA {
    tag "${meta.id}"
    label 'process_high'
    container 'quay.io/biocontainers/manta:1.6.0--h9ee0642_3'
    publishDir "${params.outdir}/structural", mode: 'copy', pattern: '*.somatic_sv.vcf.gz'

    input:
    tuple val(meta), path(tumour), path(tumour_bai), path(normal), path(normal_bai)
    path fasta
    path fai

    output:
    tuple val(meta), path('*.candidates.vcf.gz'), emit: candidates
    tuple val(meta), path('*.somatic_sv.vcf.gz'), emit: structural

    script:
    """
    configManta.py --tumorBam ${tumour} --normalBam ${normal} --referenceFasta ${fasta} --runDir manta
    python manta/runWorkflow.py --mode local --jobs ${task.cpus}
    mv manta/results/variants/candidateSmallIndels.vcf.gz ${meta.id}.candidates.vcf.gz
    mv manta/results/variants/somaticSV.vcf.gz ${meta.id}.somatic_sv.vcf.gz
    """
}

process STRELKA {
    tag "${meta.id}"
    label 'process_high'
    container 'quay.io/biocontainers/strelka:2.9.10--h9ee0642_1'

    input:
    tuple val(meta), path(tumour), path(tumour_bai), path(normal), path(normal_bai), path(candidates)
    path fasta
    path fai

    output:
    tuple val(meta), path('*.snvs.vcf.gz'), emit: snvs
    tuple val(meta), path('*.indels.vcf.gz'), emit: indels

    script:
    """
    configureStrelkaSomaticWorkflow.py --tumorBam ${tumour} --normalBam ${normal} --referenceFasta ${fasta} \\
        --indelCandidates ${candidates} --runDir strelka
    python strelka/runWorkflow.py --mode local --jobs ${task.cpus}
    mv strelka/results/variants/somatic.snvs.vcf.gz ${meta.id}.snvs.vcf.gz
    mv strelka/results/variants/somatic.indels.vcf.gz ${meta.id}.indels.vcf.gz
    """
}

process CONCAT_KINDS {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/bcftools:1.21--h8b25389_0'

    input:
    tuple val(meta), path(snvs), path(indels)

    output:
    tuple val(meta), path('*.strelka.vcf.gz'), emit: vcf

    script:
    """
    bcftools concat --threads ${task.cpus} --output-type z --output ${meta.id}.strelka.vcf.gz ${snvs} ${indels}
    """
}
