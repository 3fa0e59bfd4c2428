/** A program in R. */
import type { Grammar } from '../../grammar/grammar.ts';
import { Machine, TooMuch } from '../machine.ts';
import { opaqueReading, type ProgramReading } from '../program-reading.ts';
import { RWalk } from './r-walk.ts';

/** UTF-16 units. */
const LONGEST = 100_000;

export function readR(text: string, grammar: Grammar): ProgramReading {
  if (text.length > LONGEST) return opaqueReading('its text is too long');
  const tree = grammar.parse(text);
  if (tree.root === undefined) return opaqueReading(tree.reason);
  if (tree.errorAt !== undefined) return opaqueReading(`line ${text.slice(0, tree.errorAt).split('\n').length} of it cannot be parsed`);
  const machine = new Machine();
  const walk = new RWalk(machine, text, tree.root);
  try {
    do machine.run(() => walk.once());
    while (walk.escapeUncalled());
  } catch (error) {
    // Functions that are handed to each other may go deeper than there is room.
    if (error instanceof TooMuch || error instanceof RangeError) return opaqueReading('it takes too much work to follow');
    throw error;
  }
  return machine.reading();
}
