/** A ladder as a config or a script has it. */
import { GROWTH } from './memory-ladder.ts';

const MIB = 2 ** 20;

/** `8.GB`, `2.5.GB`, `640.MB`: exactly so many bytes, which is a whole number of MB. */
export function memoryLiteral(bytes: number): string {
  const mib = Math.round(bytes / MIB);
  if (mib % 1024 === 0) return `${mib / 1024}.GB`;
  return mib > 1024 && Number.isInteger((mib / 1024) * 4) ? `${mib / 1024}.GB` : `${mib}.MB`;
}

/** The closure that asks at each attempt for what `rungOf` says: past the end of a Groovy list there is null. */
export function ladderClosure(ladder: readonly number[]): string {
  const behind = `${memoryLiteral(ladder.at(-1) as number)} * ${GROWTH} ** (task.attempt - ${ladder.length})`;
  return ladder.length === 1 ? `{ ${behind} }` : `{ [${ladder.map(memoryLiteral).join(', ')}][task.attempt - 1] ?: ${behind} }`;
}

/** "38.5 GB, then 44 GB, then twice that". */
export function ladderWords(ladder: readonly number[]): string {
  return [...ladder.map((bytes) => memoryLiteral(bytes).replace('.GB', ' GB').replace('.MB', ' MB')), 'twice that'].join(', then ');
}
