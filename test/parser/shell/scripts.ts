/** Reads the script of one process, given in short. */
import { buildProcessGraph } from '../../../src/parser/graph/build.ts';
import { memoryTree } from '../../../src/parser/pipeline/file-tree.ts';
import { loadPipeline } from '../../../src/parser/pipeline/load.ts';
import { loadBash } from '../../../src/parser/shell/bash.ts';
import { readScript } from '../../../src/parser/shell/read-script.ts';
import type { ScriptReading } from '../../../src/parser/shell/script-reading.ts';

const bash = await loadBash();

export interface Given {
  readonly inputs?: string;
  readonly outputs?: string;
  readonly directives?: string;
  /** The script section, Groovy and all, or the whole section with its label. */
  readonly script: string;
  readonly config?: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** A pipeline of one process P, called with nothing in particular. */
export function read({ inputs = '', outputs = '', directives = '', script, config = '', files = {} }: Given): ScriptReading {
  const section = /^\s*(script|shell|exec):/.test(script) ? script : `script:\n${script}`;
  const count = inputs.split('\n').filter((line) => line.trim() !== '').length;
  const main = `process P {\n${directives}\ninput:\n${inputs}\noutput:\n${outputs}\n${section}\n}\nworkflow {\n  P(${Array.from({ length: count }, () => 'channel.of(1)').join(', ')})\n}\n`;
  const pipeline = loadPipeline(memoryTree({ 'main.nf': main, 'nextflow.config': config, ...files }), 'main.nf', {
    fileParams: {},
    commandLineParams: {},
    profiles: [],
    configs: [],
  });
  const graph = buildProcessGraph(pipeline);
  const [call] = graph.calls;
  if (call === undefined) throw new Error('no call');
  return readScript(call, { graph, bash });
}

/** A script in triple double quotes. */
export function quoted(text: string): string {
  return `"""\n${text}\n"""`;
}

/** Each input's name with what it is used for. */
export function uses(reading: ScriptReading): string {
  return reading.inputs
    .map((input) => `${input.name || '-'} ${input.use}${input.parts.length > 0 ? ` ${input.parts.join(',')}` : ''}`)
    .join(', ');
}

/** `name flag value` of every command with a thread option. */
export function threads(reading: ScriptReading): string {
  const commands = reading.steps.flatMap((step) => step.commands);
  return [
    reading.passesThreads,
    ...commands.flatMap(({ name, threads: found }) => (found === undefined ? [] : [`${name} ${found.flag} ${found.value}`])),
  ].join('; ');
}

/** Each step's commands, with the steps that it comes after. */
export function order(reading: ScriptReading): string[] {
  return reading.steps.map(
    (step, index) =>
      `${index} ${step.commands.map(({ name, subcommand }) => [name, subcommand].filter((word) => word !== undefined).join(' ')).join(' | ')}${step.trivial ? ' (trivial)' : ''} after [${step.after.join(' ')}]`,
  );
}

export function shown(text: string): string {
  return text.replaceAll('\0', '⟦⟧');
}
