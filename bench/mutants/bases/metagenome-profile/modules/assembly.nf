process MEGAHIT {
    tag "${meta.id}"
    label 'process_high'
    container 'quay.io/biocontainers/megahit:1.2.9--h43eeafb_5'
    publishDir "${params.outdir}/assembly", mode: 'copy'

    input:
    tuple val(meta), path(fastq_1), path(fastq_2)

    output:
    tuple val(meta), path('*.contigs.fa'), emit: contigs

    script:
    """
    megahit -t ${task.cpus} -1 ${fastq_1} -2 ${fastq_2} -o megahit --out-prefix ${meta.id}
    mv megahit/${meta.id}.contigs.fa ${meta.id}.contigs.fa
    """
}

process QUAST {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/quast:5.3.0--py313pl5321h5ca1c30_2'
    publishDir "${params.outdir}/quast", mode: 'copy'

    input:
    tuple val(meta), path(contigs)

    output:
    tuple val(meta), path('*.quast.tsv'), emit: report

    script:
    """
    metaquast.py --threads ${task.cpus} --max-ref-number 0 --output-dir quast ${contigs}
    mv quast/report.tsv ${meta.id}.quast.tsv
    """
}

process PRODIGAL {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/prodigal:2.6.3--h7b50bb2_10'
    publishDir "${params.outdir}/genes", mode: 'copy'

    input:
    tuple val(meta), path(contigs)

    output:
    tuple val(meta), path('*.faa'), emit: proteins

    script:
    """
    prodigal -p meta -i ${contigs} -a ${meta.id}.faa -o ${meta.id}.gff -f gff
    """
}

process MAP_BACK {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/mulled-v2-66534bcbb7031a148b13e2ad42583020b9cd25c4:latest'

    input:
    tuple val(meta), path(contigs), path(fastq_1), path(fastq_2)

    output:
    tuple val(meta), path('*.back.bam'), emit: bam

    script:
    """
    minimap2 -t ${task.cpus} -ax sr ${contigs} ${fastq_1} ${fastq_2} | samtools sort -o ${meta.id}.back.bam -
    """
}

process BIN {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/metabat2:2.17--hd498684_0'
    publishDir "${params.outdir}/bins", mode: 'copy'

    input:
    tuple val(meta), path(contigs), path(bam)

    output:
    tuple val(meta), path("${meta.id}_bins"), emit: bins

    script:
    """
    jgi_summarize_bam_contig_depths --outputDepth depth.txt ${bam}
    metabat2 --numThreads ${task.cpus} --inFile ${contigs} --abdFile depth.txt --outFile ${meta.id}_bins/bin
    """
}

process CHECKM {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/checkm-genome:1.2.3--pyhdfd78af_1'
    publishDir "${params.outdir}/checkm", mode: 'copy'

    input:
    tuple val(meta), path(bins)

    output:
    tuple val(meta), path('*.checkm.tsv'), emit: table

    script:
    """
    checkm lineage_wf --threads ${task.cpus} --extension fa --tab_table --file ${meta.id}.checkm.tsv ${bins} checkm
    """
}
