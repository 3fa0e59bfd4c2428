/** Reports for the tests of every format: a small exome pipeline told in full, and one as large as nf-core/sarek made by rule. */
import {
  type Directives,
  type DirectiveValue,
  type Finding,
  type Report,
  type ReportCall,
  type ReportDocument,
  type ReportEdge,
  SCHEMA_VERSION,
} from '../../src/report/report.ts';

const TOOL = { name: 'pipeopt', version: '0.1.0' } as const;
const GB = 1024 ** 3;
const HOUR = 3_600_000;

export function documentOf(...reports: Report[]): ReportDocument {
  return { schemaVersion: SCHEMA_VERSION, tool: TOOL, reports };
}

function value<T>(amount: T, text: string, setBy: string, path: string, line: number, byAttempt?: readonly T[]): DirectiveValue<T> {
  return { value: amount, text, setBy, source: { path, line }, overrode: [], ...(byAttempt === undefined ? {} : { byAttempt }) };
}

function growing(amount: number, text: string, setBy: string, path: string, line: number): DirectiveValue<number> {
  return value(amount, text, setBy, path, line, [amount, 2 * amount, 3 * amount]);
}

/** nf-core's resource labels as its template has them. */
function labelled(label: 'single' | 'low' | 'medium' | 'high'): Directives {
  const { cpus, memory, time, line } = {
    single: { cpus: 1, memory: 6, time: 4, line: 30 },
    low: { cpus: 2, memory: 12, time: 4, line: 35 },
    medium: { cpus: 6, memory: 36, time: 8, line: 40 },
    high: { cpus: 12, memory: 72, time: 16, line: 45 },
  }[label];
  const by = `withLabel:process_${label}`;
  const base = 'conf/base.config';
  return {
    cpus: label === 'single' ? value(cpus, '{ 1 }', by, base, line) : growing(cpus, `{ ${cpus} * task.attempt }`, by, base, line),
    memoryBytes: growing(memory * GB, `{ ${memory}.GB * task.attempt }`, by, base, line + 1),
    timeMs: growing(time * HOUR, `{ ${time}.h * task.attempt }`, by, base, line + 2),
  };
}

function call(id: string, path: string, line: number, directives: Directives, more: Partial<ReportCall> = {}): ReportCall {
  return {
    id,
    process: id.slice(id.lastIndexOf(':') + 1),
    definition: { path, line: 1, column: 1 },
    sites: [{ path: 'main.nf', line, column: 5 }],
    active: true,
    kind: 'queue',
    directives,
    container: `quay.io/biocontainers/${id.slice(id.lastIndexOf(':') + 1).toLowerCase()}:1.0`,
    ...more,
  };
}

function edge(from: string, to: string, line: number, via: readonly string[] = [], barrier = false): ReportEdge {
  return { from, to, via, kind: 'queue', barrier, active: true, source: { path: 'main.nf', line, column: 5 } };
}

const findings: Finding[] = [
  {
    ruleId: 'unread-input',
    severity: 'warning',
    confidence: 'high',
    message: 'SEX_CHECK takes the annotated VCF from VEP and never reads it',
    reason: 'SEX_CHECK waits for VEP, the longest chain of the pipeline, although its script names only the BAM',
    advice: 'take the input out of the process and out of its call, so that it starts as soon as APPLY_BQSR has ended',
    location: { path: 'modules/sex_check.nf', startLine: 6, startColumn: 5, endLine: 6, endColumn: 29 },
    excerpt: ['    path annotated_vcf, stageAs: "vep/*"'],
    label: 'no $annotated_vcf and no vep/ in the script',
    related: [{ message: 'given here', location: { path: 'main.nf', startLine: 41, startColumn: 15, endLine: 41, endColumn: 35 } }],
    calls: ['SEX_CHECK'],
    fingerprint: 'unread-input/SEX_CHECK/annotated_vcf',
  },
  {
    ruleId: 'unsized-group-tuple',
    severity: 'warning',
    confidence: 'medium',
    message: 'groupTuple waits for the last lane of every sample before MERGE_LANES starts',
    reason: 'no size is given, so no group can be told to be full before BWA_MEM has ended for all samples',
    advice: 'pass the group size, e.g. groupKey(id, n), so that a full group leaves at once',
    location: { path: 'main.nf', startLine: 32, startColumn: 35, endLine: 32, endColumn: 45 },
    excerpt: ['    MERGE_LANES(BWA_MEM.out.bam | groupTuple)'],
    label: 'emits nothing until its input closes',
    related: [],
    calls: ['MERGE_LANES'],
    fingerprint: 'unsized-group-tuple/MERGE_LANES',
  },
  {
    ruleId: 'unused-selector',
    severity: 'info',
    confidence: 'high',
    message: "withName:'GATK_HAPLOTYPECALLER' matches no process",
    reason: 'the process is called HAPLOTYPE_CALLER; its 16 cpus and 32 GB are not asked for',
    advice: "write withName:'HAPLOTYPE_CALLER'",
    location: { path: 'nextflow.config', startLine: 24, startColumn: 5, endLine: 27, endColumn: 6 },
    excerpt: ["    withName:'GATK_HAPLOTYPECALLER' {", '        cpus = 16', "        memory = '32 GB'"],
    related: [],
    calls: [],
    fingerprint: 'unused-selector/GATK_HAPLOTYPECALLER',
  },
  {
    ruleId: 'unread-input',
    severity: 'warning',
    confidence: 'high',
    message: 'MULTIQC takes the VCF and never reads it',
    reason: 'it is staged for nothing',
    advice: 'take it out',
    location: { path: 'modules/multiqc.nf', startLine: 7, startColumn: 5, endLine: 7, endColumn: 13 },
    excerpt: ['    path vcf'],
    related: [],
    calls: ['MULTIQC'],
    fingerprint: 'unread-input/MULTIQC/vcf',
    suppressed: { reason: 'kept for the order of the report' },
  },
];

const ownRequest = (cpus: number, memory: number, path: string): Directives => ({
  cpus: value(cpus, String(cpus), 'process', path, 3),
  memoryBytes: value(memory * GB, `'${memory} GB'`, 'process', path, 4),
});

/** Twelve calls of an exome pipeline as a diagnostics lab writes it: flat, few settings, one config. */
export const exome: Report = {
  schemaVersion: SCHEMA_VERSION,
  tool: TOOL,
  inputs: {
    name: 'exome',
    pipeline: 'main.nf',
    kind: 'pipeline',
    files: [
      { path: 'main.nf', sha256: '9f2c1d0e4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0' },
      { path: 'nextflow.config', sha256: '1f2c1d0e4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0' },
    ],
    config: ['nextflow.config'],
    profiles: ['slurm'],
    params: { input: 'samples.csv', outdir: 'results' },
    nextflow: { version: '26.04', parser: 'v2', why: 'the default' },
  },
  coverage: {
    files: 9,
    parsed: 9,
    scripts: 8,
    configs: 1,
    diagnostics: [],
    processes: 12,
    calls: 13,
    opaqueNodes: 0,
    unresolvedIncludes: [],
    notes: [
      {
        message: "the remote config 'https://config.hospital.example/slurm.config' was not read: pipeopt never uses the network",
        hint: 'download it and give it with: -c slurm.config',
        location: { path: 'nextflow.config', line: 8, column: 1 },
      },
    ],
  },
  graph: {
    calls: [
      call('FASTQC', 'modules/fastqc.nf', 26, ownRequest(2, 4, 'modules/fastqc.nf')),
      call('TRIM_READS', 'modules/trim_reads.nf', 27, ownRequest(4, 8, 'modules/trim_reads.nf')),
      call('BWA_MEM', 'modules/bwa_mem.nf', 30, {
        ...ownRequest(16, 72, 'modules/bwa_mem.nf'),
        timeMs: value(24 * HOUR, "'24h'", 'config', 'nextflow.config', 14),
      }),
      call('MERGE_LANES', 'modules/merge_lanes.nf', 32, ownRequest(4, 8, 'modules/merge_lanes.nf')),
      call('MARK_DUPLICATES', 'modules/mark_duplicates.nf', 33, {
        cpus: value(4, '4', 'process', 'modules/mark_duplicates.nf', 3),
        memoryBytes: {
          text: '{ 8.GB + bam.size() * 3.B }',
          setBy: 'withName:MARK_DUPLICATES',
          source: { path: 'nextflow.config', line: 19 },
          overrode: [],
          unknown: 'depends on an input of the task',
        },
      }),
      call('BASE_RECALIBRATOR', 'modules/bqsr.nf', 34, ownRequest(4, 16, 'modules/bqsr.nf')),
      call('APPLY_BQSR', 'modules/bqsr.nf', 35, ownRequest(4, 16, 'modules/bqsr.nf')),
      call('HAPLOTYPE_CALLER', 'modules/calling.nf', 36, {
        ...ownRequest(4, 16, 'modules/calling.nf'),
        memoryBytes: value(16 * GB, '{ [16.GB, 32.GB, 64.GB][task.attempt - 1] }', 'process', 'modules/calling.nf', 4, [
          16 * GB,
          32 * GB,
          64 * GB,
        ]),
        maxForks: value(4, '4', 'process', 'modules/calling.nf', 5),
      }),
      call('GENOTYPE_GVCFS', 'modules/calling.nf', 37, ownRequest(4, 32, 'modules/calling.nf')),
      call('VEP', 'modules/annotate.nf', 39, ownRequest(8, 32, 'modules/annotate.nf')),
      call('SEX_CHECK', 'modules/sex_check.nf', 41, {}),
      call('MULTIQC', 'modules/multiqc.nf', 43, ownRequest(1, 4, 'modules/multiqc.nf')),
      call('EXPANSION_HUNTER', 'modules/expansions.nf', 45, ownRequest(4, 16, 'modules/expansions.nf'), {
        active: false,
        guard: 'params.expansions',
      }),
    ].map((entry) => ({
      ...entry,
      directives: { ...entry.directives, executor: value('slurm', "'slurm'", 'config', 'nextflow.config', 12) },
    })),
    shape: {
      levels: [
        ['FASTQC', 'TRIM_READS'],
        ['BWA_MEM'],
        ['MERGE_LANES'],
        ['MARK_DUPLICATES'],
        ['BASE_RECALIBRATOR'],
        ['APPLY_BQSR'],
        ['HAPLOTYPE_CALLER'],
        ['GENOTYPE_GVCFS'],
        ['VEP'],
        ['SEX_CHECK'],
        ['MULTIQC'],
      ],
      width: 2,
      longestChain: [
        'TRIM_READS',
        'BWA_MEM',
        'MERGE_LANES',
        'MARK_DUPLICATES',
        'BASE_RECALIBRATOR',
        'APPLY_BQSR',
        'HAPLOTYPE_CALLER',
        'GENOTYPE_GVCFS',
        'VEP',
        'SEX_CHECK',
        'MULTIQC',
      ],
      waitForAll: ['MERGE_LANES', 'GENOTYPE_GVCFS', 'MULTIQC'],
    },
    sources: [
      {
        id: 'source:main.nf:22',
        kind: 'queue',
        text: 'channel.fromPath(params.input).splitCsv(header: true)',
        source: { path: 'main.nf', line: 22, column: 13 },
      },
    ],
    edges: [
      edge('source:main.nf:22', 'FASTQC', 26),
      edge('source:main.nf:22', 'TRIM_READS', 27),
      edge('TRIM_READS', 'BWA_MEM', 30),
      edge('BWA_MEM', 'MERGE_LANES', 32, ['groupTuple'], true),
      edge('MERGE_LANES', 'MARK_DUPLICATES', 33),
      edge('MARK_DUPLICATES', 'BASE_RECALIBRATOR', 34),
      edge('MARK_DUPLICATES', 'APPLY_BQSR', 35, ['join']),
      edge('BASE_RECALIBRATOR', 'APPLY_BQSR', 35, ['join']),
      edge('APPLY_BQSR', 'HAPLOTYPE_CALLER', 36),
      edge('HAPLOTYPE_CALLER', 'GENOTYPE_GVCFS', 37, ['map', 'collect'], true),
      edge('GENOTYPE_GVCFS', 'VEP', 39),
      edge('VEP', 'SEX_CHECK', 41),
      edge('APPLY_BQSR', 'SEX_CHECK', 41),
      edge('FASTQC', 'MULTIQC', 43, ['mix', 'collect'], true),
      edge('SEX_CHECK', 'MULTIQC', 43, ['mix', 'collect'], true),
      { ...edge('APPLY_BQSR', 'EXPANSION_HUNTER', 45), active: false, guard: 'params.expansions' },
    ],
    outputs: [{ id: 'multiqc_report', from: 'MULTIQC', path: 'multiqc' }],
  },
  findings,
  assumptions: [],
};

/** 150 calls in nested workflows, of which 42 are off or may be; many findings of one rule. */
export const variantCalling: Report = makeVariantCalling();

function makeVariantCalling(): Report {
  const calls: ReportCall[] = [];
  const edges: ReportEdge[] = [];
  const root = 'LAB_VARIANTS:VARIANTS';
  const add = (path: string, name: string, directives: Directives, more: Partial<ReportCall> = {}) => {
    const id = `${root}:${path}:${name}`;
    calls.push(call(id, `modules/nf-core/${name.toLowerCase()}/main.nf`, calls.length + 20, { ...directives }, more));
    return id;
  };
  const prepared = [
    'BWAMEM2_INDEX',
    'GATK4_CREATESEQUENCEDICTIONARY',
    'SAMTOOLS_FAIDX',
    'TABIX_DBSNP',
    'TABIX_KNOWN_INDELS',
    'TABIX_PON',
  ].map((name) => add('PREPARE_GENOME', name, labelled(name === 'BWAMEM2_INDEX' ? 'high' : 'single')));
  const align = 'FASTQ_ALIGN_BWAMEM_MEM2_DRAGMAP_SENTIEON';
  const chain = [
    add('FASTQ_PREPROCESS', 'FASTP', labelled('medium')),
    add(align, 'BWAMEM2_MEM', labelled('high')),
    add('BAM_MARKDUPLICATES', 'GATK4_MARKDUPLICATES', labelled('low')),
    add('BAM_BASERECALIBRATOR', 'GATK4_BASERECALIBRATOR', labelled('low')),
    add('BAM_APPLYBQSR', 'GATK4_APPLYBQSR', labelled('low')),
    add('BAM_APPLYBQSR:CRAM_MERGE_INDEX_SAMTOOLS', 'MERGE_CRAM', labelled('low')),
    add('BAM_APPLYBQSR:CRAM_MERGE_INDEX_SAMTOOLS', 'INDEX_CRAM', labelled('low')),
  ];
  edges.push(edge(prepared[0]!, chain[1]!, 31));
  for (let at = 1; at < chain.length; at++)
    edges.push(edge(chain[at - 1]!, chain[at]!, 30 + at, at === 2 ? ['map', 'groupTuple'] : [], at === 2));
  const last = chain.at(-1)!;
  const callers = [
    'HAPLOTYPECALLER',
    'DEEPVARIANT',
    'FREEBAYES',
    'STRELKA',
    'MANTA',
    'TIDDIT',
    'MUTECT2',
    'MSISENSORPRO',
    'CNVKIT',
    'ASCAT',
    'CONTROLFREEC',
    'LOFREQ',
    'MUSE',
    'INDEXCOV',
  ];
  const steps: [string, 'single' | 'low' | 'medium' | 'high'][] = [
    ['CALL', 'medium'],
    ['SORT_VCF', 'low'],
    ['MERGE_VCFS', 'low'],
    ['TABIX', 'single'],
    ['BCFTOOLS_STATS', 'single'],
    ['VCFTOOLS_SUMMARY', 'single'],
    ['FILTER', 'low'],
    ['CONCAT', 'low'],
    ['NORMALISE', 'single'],
  ];
  const callerEnds: string[] = [];
  callers.forEach((caller, index) => {
    const off = index >= 10;
    const guard = `params.tools && params.tools.split(',').contains('${caller.toLowerCase()}')`;
    let before = last;
    for (const [step, label] of steps) {
      const id = add(
        `BAM_VARIANT_CALLING_${caller}`,
        step === 'CALL' ? caller : step,
        labelled(label),
        off ? { active: index === 13 ? 'unknown' : false, guard } : {},
      );
      edges.push({
        ...edge(before, id, 60 + index, step === 'MERGE_VCFS' ? ['map', 'groupTuple'] : [], step === 'MERGE_VCFS'),
        active: off ? (index === 13 ? 'unknown' : false) : true,
      });
      before = id;
    }
    if (!off) callerEnds.push(before);
  });
  const annotate = [
    add('VCF_ANNOTATE_ALL', 'SNPEFF_SNPEFF', labelled('medium')),
    add('VCF_ANNOTATE_ALL', 'ENSEMBLVEP_VEP', labelled('medium')),
  ];
  for (const end of callerEnds) for (const tool of annotate) edges.push(edge(end, tool, 90, ['mix']));
  const multiqc = `${root}:MULTIQC`;
  calls.push(call(multiqc, 'modules/nf-core/multiqc/main.nf', 99, labelled('single')));
  for (const tool of annotate) edges.push(edge(tool, multiqc, 99, ['mix', 'collect'], true));
  const active = calls.filter(({ active: on }) => on !== false).map(({ id }) => id);
  const shape = shapeOf(active, edges);
  const unsized: Finding[] = callers.slice(0, 10).map((caller, index) => ({
    ruleId: 'unsized-group-tuple',
    severity: 'warning',
    confidence: 'high',
    message: `groupTuple waits for all intervals of all samples before MERGE_VCFS starts`,
    reason: 'the number of intervals is known before the first task starts and not passed',
    advice: 'pass the group size, e.g. groupKey(meta, meta.num_intervals), so that a full group leaves at once',
    location: {
      path: `subworkflows/local/bam_variant_calling_${caller.toLowerCase()}/main.nf`,
      startLine: 40 + index,
      startColumn: 72,
      endLine: 40 + index,
      endColumn: 84,
    },
    excerpt: [
      `    vcf_to_merge = ${caller}.out.vcf.map{ meta, vcf -> [ meta, vcf ]} .groupTuple().map { meta, vcfs -> [ meta - meta.subMap('num_intervals'), vcfs.flatten().unique().sort() ] }`,
    ],
    related: [],
    calls: [`${root}:BAM_VARIANT_CALLING_${caller}:MERGE_VCFS`],
    fingerprint: `unsized-group-tuple/${caller}`,
  }));
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: TOOL,
    inputs: {
      name: 'lab/variants',
      pipeline: 'main.nf',
      kind: 'pipeline',
      files: [{ path: 'main.nf', sha256: '0f2c1d0e4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0' }],
      config: ['nextflow.config', 'conf/base.config', 'conf/modules.config'],
      profiles: [],
      params: {},
      nextflow: { version: '24.10', parser: 'v1', why: 'include with addParams is read by the legacy parser alone', minimum: '!>=24.04.2' },
    },
    coverage: {
      files: 228,
      parsed: 227,
      scripts: 212,
      configs: 16,
      diagnostics: [
        {
          severity: 'error',
          code: 'unexpected-token',
          message: "Unexpected input: '}'",
          location: {
            path: 'subworkflows/local/annotation_cache_initialisation/main.nf',
            startLine: 61,
            startColumn: 1,
            endLine: 61,
            endColumn: 2,
          },
        },
      ],
      processes: 96,
      calls: calls.length,
      opaqueNodes: 3,
      unresolvedIncludes: [
        {
          source: '../../../modules/local/add_info_to_vcf/main',
          reason: 'there is no such file',
          location: { path: 'subworkflows/local/post_variantcalling/main.nf', startLine: 3, startColumn: 1, endLine: 3, endColumn: 80 },
        },
      ],
      notes: [
        {
          message:
            "the institutional profiles of nf-core/configs ('https://raw.githubusercontent.com/nf-core/configs/master/nfcore_custom.config') were not read: pipeopt never uses the network",
          hint: 'git clone https://github.com/nf-core/configs and give the one that you run with: -c configs/conf/uppmax.config',
          location: { path: 'nextflow.config', line: 331, column: 1 },
        },
      ],
    },
    graph: { calls, shape, sources: [], edges, outputs: [] },
    findings: unsized,
    assumptions: ["params.input was not given: the samplesheet's columns are those of assets/schema_input.json"],
  };
}

/** Levels by longest path from the start; width is a lower bound that is good enough for a sample. */
function shapeOf(ids: readonly string[], edges: readonly ReportEdge[]): Report['graph']['shape'] {
  const level = new Map(ids.map((id) => [id, 0]));
  const before = new Map<string, string>();
  for (let changed = true; changed; ) {
    changed = false;
    for (const { from, to } of edges) {
      const next = (level.get(from) ?? Number.NaN) + 1;
      if (level.has(to) && next > level.get(to)!) {
        level.set(to, next);
        before.set(to, from);
        changed = true;
      }
    }
  }
  const levels: string[][] = [];
  for (const [id, at] of level) levels[at] = [...(levels[at] ?? []), id];
  const longestChain: string[] = [];
  for (let at = levels.at(-1)?.[0]; at !== undefined; at = before.get(at)) longestChain.unshift(at);
  const waitForAll = [...new Set(edges.filter(({ barrier, to }) => barrier && level.has(to)).map(({ to }) => to))];
  return { levels, width: Math.max(...levels.map((entries) => entries.length)), longestChain, waitForAll };
}

/** What a hostile repository would write: terminal escapes, bidirectional controls, markup, quotes, a very long name. */
export const hostile: Report = {
  ...exome,
  inputs: { ...exome.inputs, name: 'evil\u001b[2J\u001b]0;owned\u0007"<script>alert(1)</script>' },
  graph: {
    ...exome.graph,
    calls: [
      call('A\u202eB"];x->y[label="', 'modules/\u0085a.nf', 3, {}),
      call(`W"<b>|{}#;:${'LONG'.repeat(40)}`, 'modules/b.nf', 4, {}, { container: 'quay.io/\u001b[31mred' }),
    ],
    edges: [edge('A\u202eB"];x->y[label="', `W"<b>|{}#;:${'LONG'.repeat(40)}`, 4, ['map"|end', 'join\u001b[0m'])],
    sources: [],
    shape: {
      levels: [['A\u202eB"];x->y[label="'], [`W"<b>|{}#;:${'LONG'.repeat(40)}`]],
      width: 1,
      longestChain: ['A\u202eB"];x->y[label="', `W"<b>|{}#;:${'LONG'.repeat(40)}`],
    },
    outputs: [],
  },
  findings: [
    {
      ...findings[0]!,
      excerpt: [`\tdef x = "\u001b[31m\u202e${'y'.repeat(300)}"`],
      location: { ...findings[0]!.location, startColumn: 2, endColumn: 200 },
    },
  ],
};

/** A folder of modules: processes, no workflow that calls them, nothing wrong. */
export const library: Report = {
  ...exome,
  inputs: { ...exome.inputs, name: 'modules', pipeline: '.', kind: 'library', profiles: [], params: {} },
  coverage: { ...exome.coverage, files: 2165, parsed: 2165, scripts: 2165, configs: 0, processes: 1487, calls: 0, notes: [] },
  graph: { calls: [], shape: { levels: [], width: 0, longestChain: [] }, sources: [], edges: [], outputs: [] },
  findings: [],
};

/** The exome pipeline as it would be without any setting. */
export const unsetExome: Report = {
  ...exome,
  graph: {
    ...exome.graph,
    calls: exome.graph.calls.map(({ container: _, ...entry }) => ({ ...entry, directives: {} })),
  },
};
