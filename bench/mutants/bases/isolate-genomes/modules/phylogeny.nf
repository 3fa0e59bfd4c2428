process SNIPPY {
    tag "$meta.id"
    label 'process_medium'
    container 'quay.io/biocontainers/snippy:4.6.0--hdfd78af_5'

    input:
    tuple val(meta), path(r1), path(r2)
    path reference

    output:
    tuple val(meta), path("*.snps.vcf"), emit: vcf
    tuple val(meta), path("${meta.id}"), emit: folder

    script:
    """
    snippy --cpus $task.cpus --ref $reference --R1 $r1 --R2 $r2 --outdir $meta.id
    cp ${meta.id}/snps.vcf ${meta.id}.snps.vcf
    """
}

process MASKED {
    tag "$meta.id"
    label 'process_single'
    container 'quay.io/biocontainers/bedtools:2.31.1--hf5e1c6e_2'

    input:
    tuple val(meta), path(vcf)
    path mask

    output:
    tuple val(meta), path("*.masked.vcf"), emit: vcf

    script:
    """
    bedtools intersect -v -header -a $vcf -b $mask > ${meta.id}.masked.vcf
    """
}

process COMPRESS {
    tag "$meta.id"
    label 'process_low'
    container 'quay.io/biocontainers/tabix:1.11--hdfd78af_0'
    publishDir "${params.outdir}/variants", mode: 'copy'

    input:
    tuple val(meta), path(vcf)

    output:
    tuple val(meta), path("*.vcf.gz"), emit: vcf

    script:
    """
    bgzip --threads $task.cpus -c $vcf > ${vcf}.gz
    """
}

process SNIPPY_CORE {
    label 'process_single'
    container 'quay.io/biocontainers/snippy:4.6.0--hdfd78af_5'
    publishDir "${params.outdir}/phylogeny", mode: 'copy'

    input:
    path folders
    path reference

    output:
    path 'core.full.aln', emit: alignment

    script:
    """
    snippy-core --ref $reference --prefix core $folders
    """
}

process IQTREE {
    label 'process_medium'
    container 'quay.io/biocontainers/iqtree:2.3.6--h503566f_1'
    publishDir "${params.outdir}/phylogeny", mode: 'copy'

    input:
    path alignment

    output:
    path 'core.treefile', emit: tree

    script:
    """
    iqtree2 -T $task.cpus -s $alignment --prefix core
    """
}
