process MACS3 {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/macs3:3.0.3--py39h0699b22_0'
    publishDir "${params.outdir}/peaks", mode: 'copy'

    input:
    tuple val(meta), path(treated), path(treated_bai), path(control), path(control_bai)

    output:
    tuple val(meta), path('*.narrowPeak'), emit: peaks

    script:
    """
    macs3 callpeak --gsize ${params.genome_size} --format BAM --treatment ${treated} --control ${control} --name ${meta.id}
    """
}

process MACS3_BROAD {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/macs3:3.0.3--py39h0699b22_0'
    publishDir "${params.outdir}/peaks_broad", mode: 'copy'

    input:
    tuple val(meta), path(treated), path(treated_bai), path(control), path(control_bai)

    output:
    tuple val(meta), path('*.broadPeak'), emit: peaks

    script:
    """
    macs3 callpeak --broad --gsize ${params.genome_size} --format BAM --treatment ${treated} --control ${control} --name ${meta.id}
    """
}

process ANNOTATE {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/homer:4.11--pl5321h9f5acd7_7'
    publishDir "${params.outdir}/annotated", mode: 'copy'

    input:
    tuple val(meta), path(peaks)
    path gtf
    path fasta

    output:
    tuple val(meta), path('*.annotated.txt'), emit: table

    script:
    """
    annotatePeaks.pl ${peaks} ${fasta} -gid -gtf ${gtf} -cpu ${task.cpus} > ${peaks}.annotated.txt
    """
}

process SEQUENCES {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/bedtools:2.31.1--hf5e1c6e_2'
    publishDir "${params.outdir}/sequences", mode: 'copy'

    input:
    tuple val(meta), path(peaks)
    path fasta

    output:
    tuple val(meta), path('*.peaks.fa'), emit: fasta

    script:
    """
    bedtools getfasta -fi ${fasta} -bed ${peaks} -fo ${meta.id}.peaks.fa
    """
}

process FRIP {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/bedtools:2.31.1--hf5e1c6e_2'

    input:
    tuple val(meta), path(bam), path(bai), path(peaks)

    output:
    tuple val(meta), path('*.frip.txt'), emit: score

    script:
    """
    bedtools intersect -u -bed -a ${bam} -b ${peaks} | wc -l > ${meta.id}.frip.txt
    """
}

process CONSENSUS {
    tag "${antibody}"
    label 'process_single'
    container 'quay.io/biocontainers/bedtools:2.31.1--hf5e1c6e_2'
    publishDir "${params.outdir}/consensus", mode: 'copy'

    input:
    tuple val(antibody), path(peaks)
    path sizes

    output:
    tuple val(antibody), path('*.consensus.bed'), emit: bed

    script:
    """
    cat ${peaks} | sort -k1,1 -k2,2n | bedtools merge -i - | bedtools slop -b 0 -i - -g ${sizes} > ${antibody}.consensus.bed
    """
}

process COUNT {
    tag "${antibody}"
    label 'process_low'
    container 'quay.io/biocontainers/bedtools:2.31.1--hf5e1c6e_2'
    publishDir "${params.outdir}/consensus", mode: 'copy'

    input:
    tuple val(antibody), path(bed)
    path bams

    output:
    tuple val(antibody), path('*.counts.tsv'), emit: counts

    script:
    """
    printf '%s\\n' ${bams} | xargs -P ${task.cpus} -I {} sh -c 'bedtools coverage -a ${bed} -b {} > {}.tsv'
    paste *.tsv > ${antibody}.counts.tsv
    """
}
