process SALMON_QUANT {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/salmon:1.10.3--h45fbf2d_4'
    publishDir "${params.outdir}/salmon", mode: 'copy'

    input:
    tuple val(meta), path(fastq_1), path(fastq_2)
    path salmon

    output:
    tuple val(meta), path("${meta.id}_salmon"), emit: quant

    script:
    """
    salmon quant --threads ${task.cpus} --index ${salmon} --libType A -1 ${fastq_1} -2 ${fastq_2} --output ${meta.id}_salmon
    """
}

process FEATURE_COUNTS {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/subread:2.0.8--h577a1d6_0'

    input:
    tuple val(meta), path(bam), path(bai)
    path gtf

    output:
    tuple val(meta), path('*.counts.txt'), emit: counts
    tuple val(meta), path('*.counts.txt.summary'), emit: summary

    script:
    """
    featureCounts -T ${task.cpus} -p --countReadPairs -a ${gtf} -o ${meta.id}.counts.txt ${bam}
    """
}

process STRINGTIE {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/stringtie:2.2.3--h43eeafb_0'
    publishDir "${params.outdir}/stringtie", mode: 'copy', pattern: '*.transcripts.gtf'

    input:
    tuple val(meta), path(bam), path(bai)
    path gtf

    output:
    tuple val(meta), path('*.abundance.txt'), emit: abundance
    tuple val(meta), path('*.transcripts.gtf'), emit: gtf

    script:
    """
    stringtie -p ${task.cpus} -G ${gtf} -e -A ${meta.id}.abundance.txt -o ${meta.id}.transcripts.gtf ${bam}
    """
}

process COMPRESS {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/pigz:2.8'
    publishDir "${params.outdir}/tables", mode: 'copy'

    input:
    tuple val(meta), path(table)

    output:
    tuple val(meta), path('*.gz'), emit: table

    script:
    """
    pigz --processes ${task.cpus} --stdout ${table} > ${table}.gz
    """
}

process MERGE_COUNTS {
    label 'process_single'
    container 'quay.io/biocontainers/csvtk:0.31.0--h9ee0642_0'
    publishDir "${params.outdir}/counts", mode: 'copy'

    input:
    path counts

    output:
    path 'counts.tsv', emit: table

    script:
    """
    csvtk join --tabs --comment-char '#' --fields Geneid ${counts} > counts.tsv
    """
}
