process STAR_ALIGN {
    tag "${meta.id}"
    label 'process_high'
    container 'quay.io/biocontainers/star:2.7.11b--h43eeafb_3'

    input:
    tuple val(meta), path(fastq_1), path(fastq_2)
    path star
    path gtf

    output:
    tuple val(meta), path('*.Aligned.out.bam'), emit: bam
    tuple val(meta), path('*.Log.final.out'), emit: log

    script:
    """
    STAR --runThreadN ${task.cpus} --genomeDir ${star} --sjdbGTFfile ${gtf} --readFilesIn ${fastq_1} ${fastq_2} \\
        --readFilesCommand zcat --outSAMtype BAM Unsorted --outFileNamePrefix ${meta.id}.
    """
}
