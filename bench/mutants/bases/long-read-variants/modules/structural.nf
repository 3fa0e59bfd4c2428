process SNIFFLES {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/sniffles:2.5.3--pyhdfd78af_1'

    input:
    tuple val(meta), path(bam), path(bai)
    path fasta
    path fai
    path repeats

    output:
    tuple val(meta), path('*.sniffles.vcf'), emit: vcf

    script:
    """
    sniffles --threads ${task.cpus} --input ${bam} --reference ${fasta} --tandem-repeats ${repeats} --vcf ${meta.id}.sniffles.vcf
    """
}

process CUTESV {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/cutesv:2.1.1--pyhdfd78af_0'

    input:
    tuple val(meta), path(bam), path(bai)
    path fasta
    path fai

    output:
    tuple val(meta), path('*.cutesv.vcf'), emit: vcf

    script:
    """
    mkdir work
    cuteSV --threads ${task.cpus} --genotype ${bam} ${fasta} ${meta.id}.cutesv.vcf work
    """
}

process SORT_VCF {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/bcftools:1.21--h8b25389_0'
    publishDir "${params.outdir}/structural", mode: 'copy'

    input:
    tuple val(meta), path(vcf)

    output:
    tuple val(meta), path('*.sorted.vcf'), emit: vcf

    script:
    """
    bcftools sort --output ${vcf.baseName}.sorted.vcf ${vcf}
    """
}

process SURVIVOR {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/survivor:1.0.7--h9a82719_1'
    publishDir "${params.outdir}/structural", mode: 'copy'

    input:
    tuple val(meta), path(vcfs)

    output:
    tuple val(meta), path('*.survivor.vcf'), emit: vcf

    script:
    """
    printf '%s\\n' ${vcfs} > vcfs.txt
    SURVIVOR merge vcfs.txt 1000 1 1 0 0 50 ${meta.id}.survivor.vcf
    """
}
