/** A ladder as a config or a script has it. */
import { rungOf } from './memory-ladder.ts';

const MIB = 2 ** 20;

/** `8.GB`, `2.5.GB`, `640.MB`: exactly so many bytes, which is a whole number of MB. */
export function memoryLiteral(bytes: number): string {
  const mib = Math.round(bytes / MIB);
  if (mib % 1024 === 0) return `${mib / 1024}.GB`;
  return mib > 1024 && Number.isInteger((mib / 1024) * 4) ? `${mib / 1024}.GB` : `${mib}.MB`;
}

/** The closure that asks for a rung at each attempt, and for twice the last one at the next: past the end of a Groovy list there is null. */
export function ladderClosure(ladder: readonly number[]): string {
  if (ladder.length === 1) return `{ ${memoryLiteral(ladder[0] as number)} * task.attempt }`;
  return `{ [${ladder.map(memoryLiteral).join(', ')}][task.attempt - 1] ?: ${memoryLiteral(rungOf(ladder, ladder.length))} }`;
}

/** "38.5 GB, then 44 GB, then twice that". */
export function ladderWords(ladder: readonly number[]): string {
  return [...ladder.map((bytes) => memoryLiteral(bytes).replace('.GB', ' GB').replace('.MB', ' MB')), 'twice that'].join(', then ');
}
