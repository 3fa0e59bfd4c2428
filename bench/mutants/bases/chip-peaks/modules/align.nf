process BWA_MEM {
    tag "${meta.id}"
    label 'process_high'
    container 'quay.io/biocontainers/mulled-v2-fe8faa35dbf6dc65a0f7f5d4ea12e31a79f73e40:latest'

    input:
    tuple val(meta), path(fastq)
    path fasta
    path bwa

    output:
    tuple val(meta), path('*.lane.bam'), emit: bam

    script:
    """
    bwa mem -M -t ${task.cpus} ${bwa}/genome ${fastq} | samtools sort --reference ${fasta} -o ${fastq.simpleName}.lane.bam -
    """
}

process MERGE {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/samtools:1.21--h50ea8bc_0'

    input:
    tuple val(meta), path(bams)

    output:
    tuple val(meta), path('*.merged.bam'), emit: bam

    script:
    """
    samtools merge -@ ${task.cpus} ${meta.id}.merged.bam ${bams}
    """
}

process DEDUP {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/picard:3.3.0--hdfd78af_0'

    input:
    tuple val(meta), path(bam)

    output:
    tuple val(meta), path('*.dedup.bam'), emit: bam
    tuple val(meta), path('*.metrics.txt'), emit: metrics

    script:
    """
    picard MarkDuplicates --INPUT ${bam} --OUTPUT ${meta.id}.dedup.bam --METRICS_FILE ${meta.id}.metrics.txt --REMOVE_DUPLICATES true
    """
}

process FILTER {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/samtools:1.21--h50ea8bc_0'
    publishDir "${params.outdir}/bam", mode: 'copy'

    input:
    tuple val(meta), path(bam)
    path keep

    output:
    tuple val(meta), path('*.filtered.bam'), emit: bam

    script:
    """
    samtools view --threads ${task.cpus} -b -F 0x904 -q 20 -L ${keep} -o ${meta.id}.filtered.bam ${bam}
    """
}

process INDEX {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/samtools:1.21--h50ea8bc_0'
    publishDir "${params.outdir}/bam", mode: 'copy'

    input:
    tuple val(meta), path(bam)

    output:
    tuple val(meta), path('*.bai'), emit: bai

    script:
    """
    samtools index -@ ${task.cpus} ${bam}
    """
}

process STATS {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/samtools:1.21--h50ea8bc_0'

    input:
    tuple val(meta), path(bam)

    output:
    tuple val(meta), path('*.stats'), emit: stats

    script:
    """
    samtools stats --threads ${task.cpus} ${bam} > ${meta.id}.stats
    """
}

process COMPLEXITY {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/preseq:3.2.0--hdcf5f25_6'

    input:
    tuple val(meta), path(bam)

    output:
    tuple val(meta), path('*.ccurve.txt'), emit: curve

    script:
    """
    preseq lc_extrap -bam -output ${meta.id}.ccurve.txt ${bam}
    """
}
