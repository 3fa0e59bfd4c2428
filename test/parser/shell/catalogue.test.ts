/** What `catalogue/tools.json` promises whoever reads it: the shape of `ToolSpec`, sorted, once each, nothing that contradicts itself. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { toolSpec } from '../../../src/parser/shell/catalogue.ts';
import type { ToolSpec } from '../../../src/parser/shell/tool-spec.ts';

const text = readFileSync(new URL('../../../catalogue/tools.json', import.meta.url), 'utf8');
const specs: readonly ToolSpec[] = JSON.parse(text);
const nameOf = ({ tool, subcommand }: ToolSpec) => (subcommand === undefined ? tool : `${tool} ${subcommand}`);

const words = (items: object) => ({ type: 'array', items: { type: 'string', minLength: 1, ...items }, uniqueItems: true });
const kind = '(bam|cram|vcf|bcf|plain-vcf|fasta|fasta-dict|mif|fsl|itk)';
const endings = {
  anyOf: [
    {
      type: 'object',
      // None: it is known to open nothing beside what it is told.
      additionalProperties: { ...words({ pattern: '^\\.' }), minItems: 1 },
      propertyNames: { pattern: '^(\\*|\\.\\S+)$' },
    },
    { type: 'string', pattern: `^${kind}( ${kind})*$` },
  ],
};

/** An option: `-i`, `--in`, `in=`, `--ref=`, `--in..` (all words behind it), with a letter, figure or `@`, `$` behind the dashes. */
const OPTION = '(-{1,2}[\\w@$][\\w:.+-]*=?|[A-Za-z_]\\w*=)';
const ROLE = `^((prefix:|dir:|list:)?(${OPTION}|pos[1-9]\\d*(\\.\\.)?|last)|stdin|stdout|=\\S+)$`;

const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['tool', 'source', 'evidence'],
  properties: {
    tool: { type: 'string', pattern: '^[\\w.+-]+$' },
    subcommand: { type: 'string', pattern: '^\\S+( \\S+)*$' },
    threads: {
      type: 'object',
      additionalProperties: false,
      required: ['flags'],
      properties: {
        flags: words({ pattern: `^${OPTION}$` }),
        default: { anyOf: [{ type: 'integer', minimum: 1 }, { const: 'all' }] },
        extra: { const: true },
        by: { type: 'string', minLength: 1 },
        changesOutput: { enum: ['no', 'order', 'yes'] },
      },
    },
    reads: { ...words({ pattern: ROLE }), minItems: 1 },
    writes: { ...words({ pattern: ROLE }), minItems: 1 },
    values: { ...words({ pattern: `^${OPTION}$` }), minItems: 1 },
    switches: { ...words({ pattern: `^(${OPTION}|-\\*)$` }), minItems: 1 },
    companions: endings,
    indexFor: words({ pattern: `^(${OPTION}|pos[1-9])$` }),
    makes: endings,
    makesNoneWith: { ...words({ pattern: `^${OPTION}$` }), minItems: 1 },
    makesOf: { const: 'written' },
    listsDirectory: { const: true },
    inPlace: { anyOf: [{ const: true }, { ...words({ pattern: `^${OPTION}$` }), minItems: 1 }] },
    scatter: {
      type: 'object',
      additionalProperties: false,
      required: ['by', 'gather'],
      properties: {
        by: { enum: ['interval', 'contig', 'sequence-chunk', 'read-chunk', 'sample'] },
        gather: { type: 'string', minLength: 1 },
      },
    },
    builds: { enum: ['index', 'database'] },
    weight: { enum: ['light', 'medium', 'heavy'] },
    source: { type: 'string', minLength: 3 },
    evidence: { enum: ['documented', 'module', 'knowledge'] },
  },
};

describe('the catalogue of tools', () => {
  it('has the shape of ToolSpec in every row', () => {
    const validate = new Ajv({ allErrors: true }).compile(SCHEMA);
    const wrong = specs.flatMap((spec) => (validate(spec) ? [] : [[nameOf(spec), validate.errors]]));
    expect(wrong).toEqual([]);
  });

  it('has one row a line, sorted by tool and subcommand, each once', () => {
    expect(text.split('\n')).toHaveLength(specs.length + 3);
    const keys = specs.map(({ tool, subcommand }) => `${tool}\u0000${subcommand ?? ''}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toEqual([...keys].sort((a, b) => (a < b ? -1 : 1)));
  });

  it('knows at least 150 tools and subcommands by more than general knowledge', () => {
    expect(specs.filter(({ evidence }) => evidence !== 'knowledge').length).toBeGreaterThanOrEqual(150);
    expect(specs.filter(({ evidence }) => evidence === 'documented').length).toBeGreaterThanOrEqual(150);
  });

  it('has no option that is a thread count and a file at once, nor a value and one of these', () => {
    for (const spec of specs) {
      const optionOf = (role: string): string => role.replace(/^(?:prefix|dir|list):/, '').replace(/\.\.\d*$/, '');
      const files = [...(spec.reads ?? []), ...(spec.writes ?? [])].map(optionOf);
      const threads = spec.threads?.flags ?? [];
      const values = (spec.values ?? []).map(optionOf);
      expect([nameOf(spec), threads.filter((flag) => files.includes(flag))]).toEqual([nameOf(spec), []]);
      expect([nameOf(spec), values.filter((option) => files.includes(option) || threads.includes(option))]).toEqual([nameOf(spec), []]);
    }
  });

  it('says nothing of threads that contradicts itself', () => {
    for (const { tool, subcommand, threads } of specs) {
      if (threads === undefined || threads.flags.length > 0) continue;
      // Without an option there is one thread, unless something else carries the number; a default would say it twice or contradict it.
      expect([tool, subcommand, threads.extra, threads.by === undefined && threads.default !== undefined]).toEqual([
        tool,
        subcommand,
        undefined,
        false,
      ]);
    }
  });

  it('lets no row that rests on general knowledge decide where to cut work', () => {
    expect(specs.filter(({ evidence, scatter }) => evidence === 'knowledge' && scatter !== undefined).map(nameOf)).toEqual([]);
  });

  it('cuts no command whose answer needs all of its input at once', () => {
    const joint =
      /MarkDuplicates|markdup|GenotypeGVCFs|^(?:samtools|sambamba|bcftools) (?:sort|stats|flagstat|merge)|spades|megahit|flye|hifiasm|canu|multiqc|fastqc|stats$|VariantRecalibrator|dedup/i;
    expect(specs.filter((spec) => spec.scatter !== undefined && joint.test(nameOf(spec))).map(nameOf)).toEqual([]);
  });

  it('says of every builder of an index or database where it writes', () => {
    const silent = specs.filter(({ builds, writes, makes }) => builds !== undefined && writes === undefined && makes === undefined);
    expect(silent.map(nameOf)).toEqual([]);
  });

  it('writes out what lies beside files of a kind', () => {
    expect(toolSpec('samtools', 'view')?.companions).toMatchObject({
      '.bam': ['.bam.bai', '.bai', '.bam.csi', '.csi'],
      '.fa': ['.fa.fai'],
    });
    expect(toolSpec('picard', 'SortVcf')?.companions).toMatchObject({
      '.vcf': ['.vcf.idx'],
      '.fasta.gz': ['.fasta.gz.fai', '.fasta.gz.gzi', '.dict'],
    });
    expect(toolSpec('seqtk', 'seq')?.companions).toEqual({});
  });

  it('knows what is easily mistaken', () => {
    const row = (name: string) => specs.find((spec) => nameOf(spec) === name);
    expect(row('samtools view')?.threads).toMatchObject({ flags: ['-@', '--threads'], extra: true, default: 1 });
    expect(row('samtools sort')?.threads?.extra).toBeUndefined();
    expect(row('fastp')?.threads).toMatchObject({ flags: ['-w', '--thread'], default: 3 });
    expect(row('diamond blastp')?.threads).toMatchObject({ flags: ['-p', '--threads'], default: 'all' });
    expect(row('diamond blastp')?.values).toContain('-t');
    expect(row('prodigal')?.threads?.flags).toEqual([]);
    expect(row('bracken')?.values).toContain('-t');
    expect(row('gatk MarkDuplicates')?.threads?.flags).toEqual([]);
    expect(row('picard MarkDuplicates')?.reads).toEqual(expect.arrayContaining(['-I', '--INPUT', 'INPUT=', 'I=']));
    expect(row('multiqc')?.listsDirectory).toBe(true);
  });
});
