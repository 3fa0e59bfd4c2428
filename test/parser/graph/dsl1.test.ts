/** DSL1: one script, processes called where they stand, channels by `from` and `into`. */
import { describe, expect, it } from 'vitest';
import { calls, edges, read } from './read.ts';

const script = `
params.skip_trim = false
Channel.fromFilePairs('*_{1,2}.fq').into { raw_fastqc; raw_trim }
fasta = file('genome.fa')
merged = Channel.create()

process fastqc {
  input:
  set val(id), file(reads) from raw_fastqc
  output:
  file '*_fastqc.zip' into fastqc_results
  script: "fastqc $reads"
}

if (params.skip_trim) {
  trimmed = raw_trim
} else {
  process trim {
    input:
    set val(id), file(reads) from raw_trim
    output:
    set val(id), file('*.trim.fq') into trimmed
    file '*.log' into trim_logs mode flatten
    script: "trim $reads"
  }
}

process index {
  input:
  file fasta
  output:
  file 'index' into genome_index
  script: "index $fasta"
}

process map {
  input:
  set val(id), file(reads) from trimmed
  file idx from genome_index.collect()
  output:
  set val(id), file('*.bam') optional true into (bams, bams_qc)
  script: "map $idx $reads"
}

bams_qc.choice(small, large) { it[1].size() > 100 ? 1 : 0 }

process stats {
  input:
  set val(id), file(bam) from bams
  output:
  stdout into stats_out
  script: "stats $bam"
}

process multiqc {
  input:
  file ('fastqc/*') from fastqc_results.collect()
  file logs from trim_logs.mix(stats_out).collect().ifEmpty([])
  output:
  file 'report.html'
  script: "multiqc ."
}
`;

describe('DSL1', () => {
  it('calls processes where they stand, under the conditions around them', () => {
    expect(calls(read(script))).toEqual(['fastqc', 'trim: !params.skip_trim', 'index', 'map', 'stats', 'multiqc']);
  });
  it('follows channels from into to from', () => {
    expect(edges(read(script))).toEqual([
      'trim.trimmed -> map',
      'index.genome_index -> map via collect (barrier)',
      'map.bams -> stats',
      'fastqc.fastqc_results -> multiqc via collect (barrier)',
      'trim.trim_logs -> multiqc via mix, collect, ifEmpty (barrier)',
      'stats.stats_out -> multiqc via mix, collect, ifEmpty (barrier)',
    ]);
  });
  it('knows what is one value and what is a queue', () => {
    const kinds = Object.fromEntries(read(script).calls.map((call) => [call.id, call.kind]));
    expect(kinds).toMatchObject({ fastqc: 'queue', index: 'value', map: 'queue', multiqc: 'value' });
  });
});
