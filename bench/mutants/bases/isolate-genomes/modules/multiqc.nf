process MULTIQC {
    label 'process_single'
    container 'quay.io/biocontainers/multiqc:1.27--pyhdfd78af_0'
    publishDir "${params.outdir}/multiqc", mode: 'copy'

    input:
    path reports

    output:
    path 'multiqc_report.html', emit: report

    script:
    """
    multiqc .
    """
}
