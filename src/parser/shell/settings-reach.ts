/** What of a call's settings reaches its script: calls that are alike in that share one reading. */
import type { SourceFile } from '../../source/source-file.ts';
import { textOf } from '../evaluate/conversions.ts';
import type { DirectiveSetting } from '../pipeline/pipeline.ts';
import type { ProcessNode } from '../syntax/nodes.ts';
import { declarationsOf } from './declarations.ts';

interface Reach {
  /** Directives that the script asks for. */
  readonly asks: (name: string) => boolean;
  /** Names of inputs, as words. */
  readonly inputs: RegExp | undefined;
}

const reaches = new WeakMap<ProcessNode, Reach>();

function reachOf(process: ProcessNode, file: SourceFile): Reach {
  let reach = reaches.get(process);
  if (reach === undefined) {
    const script = process.script === null ? '' : file.slice(process.script);
    const asked = new Set(
      [...script.matchAll(/\btask\s*\??\.\s*(ext\s*\??\.\s*)?(\w+)/g)].map(([, ext, name]) => `${ext === undefined ? '' : 'ext.'}${name}`),
    );
    // A template or helper may ask for anything.
    const all = /\btemplate\b|\btask\b(?!\s*\??\.\s*\w)|\btask\.ext\b(?!\s*\??\.\s*\w)/.test(script);
    const names = declarationsOf(process, file).inputs.flatMap(({ name }) => (/^\w+$/.test(name) ? [name] : []));
    reach = {
      asks: (name) => asked.has(name) || (all && /^(ext\.|cpus$|memory$)/.test(name)),
      inputs: names.length === 0 ? undefined : new RegExp(`\\b(${names.join('|')})\\b`, 'g'),
    };
    reaches.set(process, reach);
  }
  return reach;
}

/** What of the settings can make a difference to the reading: those that the script asks for, and in others the inputs that they speak of. */
export function settingsKey(process: ProcessNode, file: SourceFile, directives: ReadonlyMap<string, DirectiveSetting>): string {
  const { asks, inputs } = reachOf(process, file);
  let key = '';
  for (const [name, setting] of directives) {
    if (asks(name)) key += `${name}=${setting.text}:${textOf(setting.value ?? null) ?? '?'}\n`;
    else if (inputs !== undefined && name !== 'container' && name !== 'conda') {
      const spoken = setting.text.match(inputs);
      if (spoken !== null) key += `${name}:${[...new Set(spoken)].join()}\n`;
    }
    if (name.startsWith('ext.arg') && /\bparams\b/.test(setting.text)) key += `${name} params\n`;
  }
  return key;
}
