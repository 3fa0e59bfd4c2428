process METHYLDACKEL {
    tag "${meta.id} ${chromosome.baseName}"
    label 'process_medium'
    container 'quay.io/biocontainers/methyldackel:0.6.1--he4a0461_7'

    input:
    tuple val(meta), path(bam), path(bai), path(chromosome), val(count)
    path fasta
    path fai

    output:
    tuple val(meta), val(count), path('*_CpG.bedGraph'), emit: bedgraph

    script:
    """
    MethylDackel extract -@ ${task.cpus} -l ${chromosome} -o ${meta.id}_${chromosome.baseName} ${fasta} ${bam}
    """
}

process JOIN_CHROMOSOMES {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/coreutils:9.5'

    input:
    tuple val(meta), path(bedgraphs)

    output:
    tuple val(meta), path('*.bedgraph'), emit: bedgraph

    script:
    """
    grep -hv '^track' ${bedgraphs} | sort -k1,1 -k2,2n > ${meta.id}.bedgraph
    """
}

process MBIAS {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/methyldackel:0.6.1--he4a0461_7'

    input:
    tuple val(meta), path(bam), path(bai)
    path fasta
    path fai

    output:
    tuple val(meta), path('*.mbias.txt'), emit: txt

    script:
    """
    MethylDackel mbias -@ ${task.cpus} --txt ${fasta} ${bam} ${meta.id} > ${meta.id}.mbias.txt
    """
}

process BEDGRAPH_TO_BIGWIG {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/ucsc-bedgraphtobigwig:469--h9b8f530_0'
    publishDir "${params.outdir}/bigwig", mode: 'copy'

    input:
    tuple val(meta), path(bedgraph)
    path fai

    output:
    tuple val(meta), path('*.bw'), emit: bigwig

    script:
    """
    bedGraphToBigWig ${bedgraph} ${fai} ${meta.id}.bw
    """
}

process BISSNP {
    tag "${meta.id}"
    label 'process_medium'
    container 'quay.io/biocontainers/biscuit:1.5.0--h077b44d_0'

    input:
    tuple val(meta), path(bam), path(bai), path(bedgraph)
    path fasta
    path fai
    path snps

    output:
    tuple val(meta), path('*.calls.vcf'), emit: vcf

    script:
    """
    biscuit pileup -@ ${task.cpus} -o ${meta.id}.raw.vcf ${fasta} ${bam}
    bedtools intersect -header -v -a ${meta.id}.raw.vcf -b ${snps} ${bedgraph} > ${meta.id}.calls.vcf
    """
}

process SORT_CALLS {
    tag "${meta.id}"
    label 'process_single'
    container 'quay.io/biocontainers/bcftools:1.21--h8b25389_0'
    publishDir "${params.outdir}/calls", mode: 'copy'

    input:
    tuple val(meta), path(vcf)

    output:
    tuple val(meta), path('*.sorted.vcf'), emit: vcf

    script:
    """
    bcftools sort --output ${meta.id}.sorted.vcf ${vcf}
    """
}

process COMPRESS {
    tag "${meta.id}"
    label 'process_low'
    container 'quay.io/biocontainers/tabix:1.11--hdfd78af_0'
    publishDir "${params.outdir}/compressed", mode: 'copy'

    input:
    tuple val(meta), path(text)

    output:
    tuple val(meta), path('*.gz'), emit: gz

    script:
    """
    bgzip --threads ${task.cpus} --stdout ${text} > ${text}.gz
    """
}
