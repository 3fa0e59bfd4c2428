process IVAR_VARIANTS {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/ivar:1.4.3--h43eeafb_0'

    input:
    tuple val(meta), path(bam), path(bai)
    path fasta
    path fai
    path gff

    output:
    tuple val(meta), path('*.ivar.vcf'), emit: vcf

    script:
    """
    samtools mpileup -aa -A -d 0 -B -Q 0 --reference ${fasta} ${bam} > ${meta.id}.mpileup
    ivar variants -p ${meta.id} -r ${fasta} -g ${gff} < ${meta.id}.mpileup
    ivar_variants_to_vcf.py ${meta.id}.tsv ${meta.id}.ivar.vcf
    """
}

process LOFREQ {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/lofreq:2.1.5--py310h47ef89e_10'

    input:
    tuple val(meta), path(bam), path(bai)
    path fasta
    path fai

    output:
    tuple val(meta), path('*.lofreq.vcf'), emit: vcf

    script:
    """
    lofreq call-parallel --pp-threads ${task.cpus} --ref ${fasta} --out ${meta.id}.lofreq.vcf ${bam}
    """
}

process NORM {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/bcftools:1.21--h8b25389_0'

    input:
    tuple val(meta), path(vcf)
    path fasta

    output:
    tuple val(meta), path('*.norm.vcf.gz'), emit: vcf

    script:
    """
    bcftools norm --threads ${task.cpus} -f ${fasta} --output-type z --output ${vcf.baseName}.norm.vcf.gz ${vcf}
    """
}

process TABIX {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/tabix:1.11--hdfd78af_0'

    input:
    tuple val(meta), path(vcf)

    output:
    tuple val(meta), path('*.tbi'), emit: tbi

    script:
    """
    tabix -p vcf ${vcf}
    """
}

process STATS {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/bcftools:1.21--h8b25389_0'

    input:
    tuple val(meta), path(vcf)

    output:
    tuple val(meta), path('*.stats.txt'), emit: stats

    script:
    """
    bcftools stats ${vcf} > ${vcf.baseName}.stats.txt
    """
}

process SNPEFF {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/snpeff:5.2--hdfd78af_1'

    input:
    tuple val(meta), path(vcf)
    path snpeff_data

    output:
    tuple val(meta), path('*.snpeff.vcf'), emit: vcf
    tuple val(meta), path('*.snpeff.csv'), emit: csv

    script:
    """
    snpEff -dataDir \$PWD/${snpeff_data} virus -csvStats ${vcf.baseName}.snpeff.csv ${vcf} > ${vcf.baseName}.snpeff.vcf
    """
}

process AGREE {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/vcftools:0.1.16--pl5321hdcf5f25_11'

    input:
    tuple val(meta), path(vcfs)

    output:
    tuple val(meta), path('*.agree.txt'), emit: table

    script:
    """
    vcf-compare ${vcfs} > ${meta.id}.agree.txt
    """
}
