/**
 * Regular expressions of a pipeline are hostile input: a pattern can take longer than the universe on thirty letters.
 * Only patterns whose matching time is bounded here are ever compiled; for the others the answer is unknown.
 */
const LONGEST_TEXT = 2000;
const LONGEST_PATTERN = 500;
/** Of one match, by the estimate below: some tenths of a second, were it ever reached. */
const MOST_STEPS = 50_000_000;
/** Of all matches of a run. */
const MOST_STEPS_TOGETHER = 5_000_000_000;

/** Who asks, again and again: the steps taken so far. */
export interface PatternSteps {
  patternSteps: number;
}

/** A JavaScript expression for a Java pattern, or undefined when it cannot be bounded, translated, or is not legal. */
export function boundedRegExp(source: string, text: string, asker: PatternSteps, flags = 'g'): RegExp | undefined {
  if (text.length > LONGEST_TEXT || source.length > LONGEST_PATTERN) return undefined;
  const ignoresCase = source.startsWith('(?i)');
  const pattern = ignoresCase ? source.slice(4) : source;
  const steps = mostSteps(pattern, text.length);
  asker.patternSteps += steps;
  if (steps > MOST_STEPS || asker.patternSteps > MOST_STEPS_TOGETHER) return undefined;
  try {
    return new RegExp(pattern, ignoresCase ? `${flags}i` : flags);
  } catch {
    return undefined;
  }
}

/** Java's `matches()`: the whole text. undefined: not to be told. */
export function matchesWhole(source: string, text: string, asker: PatternSteps): boolean | undefined {
  if (/^[\w ,:;@#%&=~<>/-]*$/.test(source)) return source === text;
  return boundedRegExp(`^(?:${source})$`, text, asker, '')?.test(text);
}

/**
 * The most ways in which a backtracking matcher can try a pattern on a text of that length: one behind the other they
 * multiply, alternatives add up, what is repeated can end anywhere. Infinite for what Java and JavaScript do not share, for
 * what repeats something that has several ways itself, and for deep nesting.
 */
export function mostSteps(pattern: string, length: number): number {
  let at = 0;
  const choice = (depth: number): number => {
    let sum = 0;
    let ways = 1;
    for (; at < pattern.length && pattern[at] !== ')'; ) {
      const character = pattern[at++];
      if (character === '|') {
        sum += ways;
        ways = 1;
        continue;
      }
      let inner = 1;
      if (character === '\\') {
        if (/[1-9kpPQEGAzZ]/.test(pattern[at] ?? '1')) return Number.POSITIVE_INFINITY;
        at += 1;
      } else if (character === '[') {
        const close = pattern.indexOf(']', at + 1);
        if (close === -1 || pattern.slice(at, close).includes('&&')) return Number.POSITIVE_INFINITY;
        at = close + 1;
      } else if (character === '(') {
        inner = depth > 50 ? Number.POSITIVE_INFINITY : choice(depth + 1);
        if (pattern[at++] !== ')') return Number.POSITIVE_INFINITY;
      }
      const quantifier = pattern[at];
      if (quantifier === '?') ways *= inner + 1;
      else if (quantifier === '*' || quantifier === '+' || quantifier === '{') ways *= inner === 1 ? length : Number.POSITIVE_INFINITY;
      else ways *= inner;
    }
    return sum + ways;
  };
  const most = choice(0);
  return at < pattern.length ? Number.POSITIVE_INFINITY : most;
}
