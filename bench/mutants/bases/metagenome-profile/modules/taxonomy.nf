process KRAKEN2 {
    tag "${meta.id}"
    label 'process_high'
    container 'quay.io/biocontainers/kraken2:2.1.3--pl5321h077b44d_4'
    publishDir "${params.outdir}/kraken2", mode: 'copy'

    input:
    tuple val(meta), path(fastq_1), path(fastq_2)
    path kraken_db

    output:
    tuple val(meta), path('*.kraken2.report'), emit: report

    script:
    """
    kraken2 --db ${kraken_db} --threads ${task.cpus} --paired --gzip-compressed \\
        --report ${meta.id}.kraken2.report --output - ${fastq_1} ${fastq_2}
    """
}

process BRACKEN {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/bracken:3.0--h9948957_2'
    publishDir "${params.outdir}/bracken", mode: 'copy'

    input:
    tuple val(meta), path(report)
    path kraken_db

    output:
    tuple val(meta), path('*.bracken.tsv'), emit: profile

    script:
    """
    bracken -d ${kraken_db} -i ${report} -o ${meta.id}.bracken.tsv -r 150
    """
}

process METAPHLAN {
    tag "${meta.id}"
    label 'process_high'
    container 'quay.io/biocontainers/metaphlan:4.1.1--pyhdfd78af_0'
    publishDir "${params.outdir}/metaphlan", mode: 'copy'

    input:
    tuple val(meta), path(fastq_1), path(fastq_2)
    path metaphlan_db

    output:
    tuple val(meta), path('*.metaphlan.tsv'), emit: profile

    script:
    """
    metaphlan ${fastq_1},${fastq_2} --nproc ${task.cpus} --input_type fastq --bowtie2db ${metaphlan_db} \\
        --bowtie2out ${meta.id}.bowtie2.bz2 --output_file ${meta.id}.metaphlan.tsv
    """
}

process KRONA {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/krona:2.8.1--pl5321hdfd78af_1'
    publishDir "${params.outdir}/krona", mode: 'copy'

    input:
    tuple val(meta), path(profile)

    output:
    tuple val(meta), path('*.krona.html'), emit: html

    script:
    """
    ktImportText ${profile} -o ${profile.baseName}.krona.html
    """
}

process NONPAREIL {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/nonpareil:3.5.5--r44h077b44d_1'
    publishDir "${params.outdir}/nonpareil", mode: 'copy'

    input:
    tuple val(meta), path(fastq_1), path(fastq_2)

    output:
    tuple val(meta), path('*.npo'), emit: curve

    script:
    """
    nonpareil -s ${fastq_1} -T kmer -f fastq -t ${task.cpus} -b ${meta.id}
    """
}
