process READ_DISTRIBUTION {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/rseqc:5.0.4--pyhdfd78af_0'

    input:
    tuple val(meta), path(bam), path(bai)
    path bed

    output:
    tuple val(meta), path('*.read_distribution.txt'), emit: txt

    script:
    """
    read_distribution.py -i ${bam} -r ${bed} > ${meta.id}.read_distribution.txt
    """
}

process JUNCTIONS {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/rseqc:5.0.4--pyhdfd78af_0'

    input:
    tuple val(meta), path(bam), path(bai)
    path bed

    output:
    tuple val(meta), path('*.junctions.txt'), emit: txt

    script:
    """
    junction_annotation.py -i ${bam} -r ${bed} -o ${meta.id} 2> ${meta.id}.junctions.txt
    """
}

process BIGWIG {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/deeptools:3.5.5--pyhdfd78af_0'
    publishDir "${params.outdir}/bigwig", mode: 'copy'

    input:
    tuple val(meta), path(bam), path(bai)

    output:
    tuple val(meta), path('*.bw'), emit: bigwig

    script:
    """
    bamCoverage --numberOfProcessors ${task.cpus} --bam ${bam} --normalizeUsing CPM --outFileName ${meta.id}.bw
    """
}

process PRESEQ {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/preseq:3.2.0--hdcf5f25_6'

    input:
    tuple val(meta), path(bam)

    output:
    tuple val(meta), path('*.ccurve.txt'), emit: curve

    script:
    """
    preseq lc_extrap -bam -pe -output ${meta.id}.ccurve.txt ${bam}
    """
}
