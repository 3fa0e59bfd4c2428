process HOST_INDEX {
    label 'process_medium'
    container 'quay.io/biocontainers/bowtie2:2.5.4--he20e202_3'

    input:
    path host

    output:
    path 'host', emit: index

    script:
    """
    mkdir host
    bowtie2-build --threads ${task.cpus} ${host} host/host
    """
}

process REMOVE_HOST {
    tag "${meta.id}"
    label 'process_high'
    container 'quay.io/biocontainers/bowtie2:2.5.4--he20e202_3'

    input:
    tuple val(meta), path(fastq_1), path(fastq_2)
    path host

    output:
    tuple val(meta), path('*.clean_1.fastq.gz'), path('*.clean_2.fastq.gz'), emit: reads
    tuple val(meta), path('*.bowtie2.log'), emit: log

    script:
    """
    bowtie2 --threads ${task.cpus} -x ${host}/host -1 ${fastq_1} -2 ${fastq_2} \\
        --un-conc-gz ${meta.id}.clean_%.fastq.gz -S ${meta.id}.sam 2> ${meta.id}.bowtie2.log
    rm ${meta.id}.sam
    """
}
