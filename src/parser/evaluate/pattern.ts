/**
 * Regular expressions of a pipeline are hostile input: a pattern can take longer than the universe on thirty letters.
 * Only patterns whose matching time is bounded here are ever compiled; for the others the answer is unknown.
 */
const LONGEST_TEXT = 2000;

/** A JavaScript expression for a Java pattern, or undefined when it cannot be bounded, translated, or is not legal. */
export function boundedRegExp(source: string, text: string, flags = 'g'): RegExp | undefined {
  if (text.length > LONGEST_TEXT || source.length > 500) return undefined;
  let unbounded = 0;
  let depth = 0;
  const quantifiedInside: boolean[] = [false];
  for (let at = 0; at < source.length; at += 1) {
    const character = source[at];
    if (character === '\\') {
      const next = source[at + 1] ?? '';
      if (/[1-9kpPQEGAzZ]/.test(next)) return undefined;
      at += 1;
    } else if (character === '[') {
      const close = source.indexOf(']', at + 2);
      if (close === -1 || source.slice(at, close).includes('&&')) return undefined;
      at = close;
    } else if (character === '(') {
      depth += 1;
      quantifiedInside[depth] = false;
    } else if (character === ')') {
      const inside = quantifiedInside[depth] === true;
      depth -= 1;
      if (depth < 0) return undefined;
      const next = source[at + 1];
      // A quantifier over a group with a quantifier or an alternative in it can backtrack exponentially.
      if ((next === '*' || next === '+' || next === '{') && inside) return undefined;
      if (inside) quantifiedInside[depth] = true;
    } else if (character === '*' || character === '+' || character === '{') {
      unbounded += 1;
      quantifiedInside[depth] = true;
    } else if (character === '|') {
      quantifiedInside[depth] = true;
    }
  }
  // Each unbounded quantifier may multiply the time by the text's length.
  if (unbounded > 1 && text.length ** unbounded > 50_000_000) return undefined;
  try {
    return new RegExp(source.replace(/^\(\?i\)/, ''), source.startsWith('(?i)') ? `${flags}i` : flags);
  } catch {
    return undefined;
  }
}

/** Java's `matches()`: the whole text. undefined: not to be told. */
export function matchesWhole(source: string, text: string): boolean | undefined {
  if (/^[\w ,:;@#%&=~<>/-]*$/.test(source)) return source === text;
  return boundedRegExp(`^(?:${source})$`, text, '')?.test(text);
}
