process SPADES {
    tag "$meta.id"
    label 'process_high'
    container 'quay.io/biocontainers/spades:4.1.0--haf24da9_0'

    input:
    tuple val(meta), path(r1), path(r2)

    output:
    tuple val(meta), path("*.contigs.fasta"), emit: contigs

    script:
    """
    spades.py --isolate -t $task.cpus -m ${task.memory.toGiga()} -1 $r1 -2 $r2 -o spades
    mv spades/contigs.fasta ${meta.id}.contigs.fasta
    """
}

process POLISH {
    tag "$meta.id"
    label 'process_medium'
    container 'quay.io/biocontainers/polypolish:0.6.0--h3ab6199_3'
    publishDir "${params.outdir}/assemblies", mode: 'copy'

    input:
    tuple val(meta), path(contigs), path(r1), path(r2)

    output:
    tuple val(meta), path("*.polished.fasta"), emit: assembly

    script:
    """
    bwa index $contigs
    bwa mem -t $task.cpus -a $contigs $r1 > first.sam
    bwa mem -t $task.cpus -a $contigs $r2 > second.sam
    polypolish polish $contigs first.sam second.sam > ${meta.id}.polished.fasta
    """
}

process QUAST {
    tag "$meta.id"
    label 'process_low'
    container 'quay.io/biocontainers/quast:5.3.0--py313pl5321h5ca1c30_2'

    input:
    tuple val(meta), path(assembly)
    path reference

    output:
    tuple val(meta), path("*.quast.tsv"), emit: tsv

    script:
    """
    quast.py --threads $task.cpus -r $reference --output-dir quast $assembly
    mv quast/report.tsv ${meta.id}.quast.tsv
    """
}

process CHECKM {
    tag "$meta.id"
    label 'process_medium'
    container 'quay.io/biocontainers/checkm-genome:1.2.3--pyhdfd78af_1'

    input:
    tuple val(meta), path(assembly)

    output:
    tuple val(meta), path("*.checkm.tsv"), emit: tsv

    script:
    """
    mkdir bins
    cp $assembly bins/${meta.id}.fasta
    checkm lineage_wf --threads $task.cpus --extension fasta --tab_table --file ${meta.id}.checkm.tsv bins checkm
    """
}
