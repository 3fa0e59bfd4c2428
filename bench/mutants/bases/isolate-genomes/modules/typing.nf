process PROKKA {
    tag "$meta.id"
    label 'process_medium'
    container 'quay.io/biocontainers/prokka:1.14.6--pl5321hdfd78af_5'
    publishDir "${params.outdir}/annotation", mode: 'copy'

    input:
    tuple val(meta), path(assembly)

    output:
    tuple val(meta), path("*.faa"), emit: proteins
    tuple val(meta), path("*.gff"), emit: gff

    script:
    """
    prokka --cpus $task.cpus --outdir prokka --prefix $meta.id $assembly
    mv prokka/${meta.id}.faa prokka/${meta.id}.gff .
    """
}

process MLST {
    tag "$meta.id"
    label 'process_single'
    container 'quay.io/biocontainers/mlst:2.23.0--hdfd78af_1'
    publishDir "${params.outdir}/mlst", mode: 'copy'

    input:
    tuple val(meta), path(assembly)

    output:
    tuple val(meta), path("*.mlst.tsv"), emit: tsv

    script:
    """
    mlst $assembly > ${meta.id}.mlst.tsv
    """
}

process SEROTYPE {
    tag "$meta.id"
    label 'process_low'
    container 'quay.io/biocontainers/seqsero2:1.3.1--pyhdfd78af_1'
    publishDir "${params.outdir}/serotype", mode: 'copy'

    input:
    tuple val(meta), path(assembly)

    output:
    tuple val(meta), path("*.serotype.txt"), emit: txt

    script:
    """
    SeqSero2_package.py -m k -t 4 -p $task.cpus -i $assembly -d seqsero
    mv seqsero/SeqSero_result.txt ${meta.id}.serotype.txt
    """
}

process AMRFINDER {
    tag "$meta.id"
    label 'process_low'
    container 'quay.io/biocontainers/ncbi-amrfinderplus:4.0.19--hf69ffd2_0'
    publishDir "${params.outdir}/resistance", mode: 'copy'

    input:
    tuple val(meta), path(assembly), path(proteins)
    path amr_db

    output:
    tuple val(meta), path("*.amr.tsv"), emit: tsv

    script:
    """
    amrfinder --threads $task.cpus --database $amr_db --nucleotide $assembly --protein $proteins --output ${meta.id}.amr.tsv
    """
}
