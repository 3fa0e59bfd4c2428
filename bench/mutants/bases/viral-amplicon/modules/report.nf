process MULTIQC {
    label 'process_single'
    container 'quay.io/biocontainers/multiqc:1.27--pyhdfd78af_0'

    input:
    path reports
    path config

    output:
    path 'multiqc_report.html', emit: report

    script:
    """
    multiqc --config ${config} .
    """
}
