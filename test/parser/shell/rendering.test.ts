/** The text that the shell would see, with ⟦…⟧ for what is not known before a run, and the place of each part. */
import { describe, expect, test } from 'vitest';
import { buildProcessGraph } from '../../../src/parser/graph/build.ts';
import { memoryTree } from '../../../src/parser/pipeline/file-tree.ts';
import { loadPipeline } from '../../../src/parser/pipeline/load.ts';
import { declarationsOf } from '../../../src/parser/shell/declarations.ts';
import type { Piece } from '../../../src/parser/shell/pieces.ts';
import { renderScript, STAND_PATTERN } from '../../../src/parser/shell/render.ts';
import { quoted, read } from './scripts.ts';

function show(piece: Piece): string {
  if (piece.type === 'text') return piece.text;
  if (piece.type === 'hole') return piece.text === undefined ? `⟦${piece.written}⟧` : piece.text;
  return `⟦${piece.condition} ? ${piece.whenTrue.map(show).join('')} : ${piece.whenFalse.map(show).join('')}⟧`;
}

function render(
  script: string,
  { inputs = 'tuple val(meta), path(reads)\nval mode', config = '', files = {} as Record<string, string> } = {},
) {
  const section = /^(script|shell|exec):/.test(script) ? script : `script:\n${script}`;
  const count = inputs.split('\n').length;
  const main = `process P {\ncpus 4\ninput:\n${inputs}\n${section}\n}\nworkflow { P(${Array.from({ length: count }, () => 'channel.of(1)').join(', ')}) }\n`;
  const tree = memoryTree({ 'main.nf': main, 'nextflow.config': config, ...files });
  const graph = buildProcessGraph(loadPipeline(tree, 'main.nf', {}));
  const [call] = graph.calls;
  if (call === undefined) throw new Error('no call');
  const { file } = call.script;
  const declared = declarationsOf(call.process, file).inputs;
  return renderScript(
    call.process,
    {
      ...graph.codeOf(call),
      directives: graph.directivesOf(call),
      inputs: new Map(declared.map(({ name, staged }) => [name, staged])),
      openConfig: false,
    },
    file,
    tree,
  );
}

function texts(...args: Parameters<typeof render>): string[] {
  const { opaque, variants } = render(...args);
  if (variants.length === 0) return [`opaque: ${opaque}`];
  return variants.map(({ text, stands }) =>
    text.replace(new RegExp(STAND_PATTERN, 'g'), (_, at) => show(stands[Number(at)] as Piece)).trim(),
  );
}

const CASES: readonly [what: string, script: string, ...texts: string[]][] = [
  ['holes', quoted('fastqc ${reads} ${meta.id}'), 'fastqc ⟦reads⟧ ⟦meta.id⟧'],
  ['a known variable', `def n = 3 + 4\n${quoted('head -n $n $reads')}`, 'head -n 7 ⟦reads⟧'],
  ['a setting', quoted('fastqc -t $task.cpus'), 'fastqc -t 4'],
  ['the default of a setting', `def prefix = task.ext.prefix ?: "\${meta.id}"\n${quoted('touch ${prefix}.txt')}`, 'touch ⟦meta.id⟧.txt'],
  [
    'words by a condition',
    `def flag = meta.single ? '-s' : '-p 2'\n${quoted('tool $flag $reads')}`,
    'tool ⟦meta.single ? -s : -p 2⟧ ⟦reads⟧',
  ],
  [
    'a pipe by a condition',
    `def tail = mode ? '| gzip > x.gz' : '> x'\n${quoted('cat $reads $tail')}`,
    'cat ⟦reads⟧ | gzip > x.gz',
    'cat ⟦reads⟧ > x',
  ],
  [
    'the same condition twice is one',
    `def a = mode ? '| b' : ''\ndef c = mode ? '> d' : '> e'\n${quoted('a $a $c')}`,
    'a | b > d',
    'a  > e',
  ],
  ['a command by a condition', `def first = mode ? 'gunzip x.gz' : ''\n${quoted('${first}\nsort x')}`, 'gunzip x.gz\nsort x', 'sort x'],
  ['one script or another', `if (mode) {\n${quoted('a 1')}\n} else {\n${quoted('b 2')}\n}`, 'a 1', 'b 2'],
  ['an early return', `if (mode) return "a 1"\n${quoted('b 2')}`, 'a 1', 'b 2'],
  ['an error on one side', `if (!mode) error 'no mode'\n${quoted('b 2')}`, 'b 2'],
  ['joined text', `def cmd = 'sort '\ncmd += mode ? '-n ' : ''\ncmd += 'x.txt'\n${quoted('$cmd')}`, 'sort ⟦mode ? -n  : ⟧x.txt'],
  ['a list joined', `def args = ['-a', "-b \${meta.id}", '-c'].join(' ')\n${quoted('tool $args')}`, 'tool -a -b ⟦meta.id⟧ -c'],
  ['escapes', '"""\ntool \\$HOME \\\\t "\\t" \\${x}\n"""', 'tool $HOME \\t "\t" ${x}'],
  ['a continued line with nothing behind it', '"""\ntool \\\\\n  a \\\\\n\nb \\\\\n"""', 'tool \\\n  a \n\nb'],
  ['single quotes', "'''\ntool $HOME\n'''", 'tool $HOME'],
  ['shell', "shell:\n'''\ntool !{reads} $HOME !{meta.id} !{task.cpus}\n'''", 'tool ⟦reads⟧ $HOME ⟦meta.id⟧ 4'],
  ['exec', 'exec:\nprintln mode', 'opaque: exec: runs Groovy, not a shell'],
  [
    'a switch',
    `switch (mode) {\n case 'a': x = '-a'; break\n default: x = '-b'\n}\n${quoted('tool $x')}`,
    'tool ⟦mode == (other) ? -b : -a⟧',
  ],
];

test.each(CASES)('%s', (_, script, ...expected) => {
  expect(texts(script).sort()).toEqual([...expected].sort());
});

test('a template', () => {
  expect(texts("template 'run.sh'", { files: { 'templates/run.sh': 'sort ${reads} \\$x $meta.id\n' } })).toEqual([
    'sort ⟦reads⟧ $x ⟦meta.id⟧',
  ]);
});

test('ext.args of the config', () => {
  const config = 'process { withName: P { ext.args = { meta.single ? \'-s\' : "-n ${task.cpus}" } } }';
  expect(texts(`def args = task.ext.args ?: ''\n${quoted('tool $args')}`, { config })).toEqual(['tool ⟦meta.single ? -s : -n 4⟧']);
});

test('indentation goes as in Nextflow', () => {
  expect(texts('"""\n    cat <<-END > x\n    a\n      b\n    END\n    """')).toEqual(['cat <<-END > x\na\n  b\nEND']);
});

test('many independent conditions are sampled, each side seen', () => {
  const names = Array.from({ length: 8 }, (_, at) => `x${at}`);
  const script = `${names.map((name) => `def ${name} = meta.${name} ? '| ${name}' : '| no${name}'`).join('\n')}\n${quoted(`a ${names.map((name) => `$${name}`).join(' ')}`)}`;
  const all = texts(script).join('\n');
  expect(texts(script).length).toBeLessThanOrEqual(16);
  for (const name of names)
    expect(all).toMatch(new RegExp(`\\| ${name}\\b[\\s\\S]*\\| no${name}\\b|\\| no${name}\\b[\\s\\S]*\\| ${name}\\b`));
});

describe('places', () => {
  const at = (range: ({ file: { slice(one: object): string } } & object) | undefined): string =>
    range === undefined ? '-' : range.file.slice(range);
  test('of commands, behind escapes, holes and indentation', () => {
    const reading = read({
      inputs: 'tuple val(id), path(bam)',
      script: '"""\n    echo \\$HOME "${id}" > x\n    samtools sort -@ 2 ${bam} \\\\\n        -o ${id}.bam\n    """',
    });
    expect(reading.steps.map(({ range }) => at(range))).toEqual([
      'echo \\$HOME "${id}" > x',
      'samtools sort -@ 2 ${bam} \\\\\n        -o ${id}.bam',
    ]);
    expect(at(reading.steps[1]?.commands[0]?.threads?.range)).toBe('2');
    expect(reading.inputs.map(({ evidence }) => at(evidence))).toEqual(['id', 'bam']);
  });
  test('of a template', () => {
    const reading = read({
      inputs: 'path bam',
      script: "template 'run.sh'",
      files: { 'templates/run.sh': 'x=1\nsamtools index ${bam}\n' },
    });
    expect(reading.steps.map(({ range }) => `${range.file.path} ${at(range)}`)).toEqual([
      'templates/run.sh x=1',
      'templates/run.sh samtools index ${bam}',
    ]);
  });
});
