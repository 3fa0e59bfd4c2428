/** A Python program, with the modules that lie beside it. */
import type { Grammar } from '../../grammar/grammar.ts';
import { Machine, TooMuch } from '../machine.ts';
import { opaqueReading, type ProgramReading } from '../program-reading.ts';
import { type ModuleText, PythonWalk } from './python-walk.ts';

/** UTF-16 units, its modules counted one by one. */
const LONGEST = 100_000;
const MOST_MODULES = 20;

/** `module`: the text of a module that lies beside the program, by its name. */
export function readPython(text: string, grammar: Grammar, module: (name: string) => string | undefined): ProgramReading {
  let opaque: string | undefined;
  const known = new Map<string, ModuleText | undefined>();
  const parse = (name: string, code: string): ModuleText | undefined => {
    if (code.length > LONGEST || known.size > MOST_MODULES) {
      opaque ??= 'its text is too long';
      return undefined;
    }
    const tree = grammar.parse(code);
    if (tree.root === undefined) opaque ??= tree.reason;
    else if (tree.errorAt !== undefined)
      opaque ??= `line ${code.slice(0, tree.errorAt).split('\n').length} of ${name || 'it'} cannot be parsed`;
    else return { name, text: code, root: tree.root };
    return undefined;
  };
  const main = parse('', text);
  if (main === undefined) return opaqueReading(opaque ?? 'it cannot be parsed');
  const machine = new Machine();
  const walk = new PythonWalk(machine, main, (name) => {
    if (!known.has(name)) {
      const code = /^\w+$/.test(name) ? module(name) : undefined;
      known.set(name, code === undefined ? undefined : parse(name, code));
    }
    return known.get(name);
  });
  try {
    do machine.run(() => walk.once());
    while (opaque === undefined && walk.escapeUncalled());
  } catch (error) {
    // Functions that are handed to each other may go deeper than there is room.
    if (!(error instanceof TooMuch || error instanceof RangeError)) throw error;
    opaque = 'it takes too much work to follow';
  }
  return opaque === undefined ? machine.reading() : opaqueReading(opaque);
}
