/** Reading YAML that a user gives us. The one importer of `yaml`. */
import { LineCounter, parseDocument } from 'yaml';

export type Decoded = { readonly value: unknown } | { readonly problem: string; readonly line?: number; readonly column?: number };

/** A few lines of aliases that refer to aliases can stand for billions of values ("billion laughs"). */
const MOST_ALIASES = 100;
const LONGEST = 10_000_000;

/** As Nextflow reads it: SnakeYAML follows YAML 1.1, in which `yes` is true and `0755` is octal. Dates stay text. */
export function decodeYaml(text: string): Decoded {
  if (text.length > LONGEST) return { problem: 'it is longer than 10 MB' };
  const lineCounter = new LineCounter();
  try {
    const document = parseDocument(text, {
      version: '1.1',
      customTags: (tags) =>
        tags.filter(
          (tag) => typeof tag === 'string' || !['timestamp', 'binary', 'set', 'omap', 'pairs'].some((name) => tag.tag.endsWith(name)),
        ),
      lineCounter,
      prettyErrors: false,
      uniqueKeys: true,
      logLevel: 'error',
    });
    const [error] = document.errors;
    if (error !== undefined) {
      const { line, col } = lineCounter.linePos(error.pos[0]);
      return { problem: error.message, line, column: col };
    }
    return { value: document.toJS({ maxAliasCount: MOST_ALIASES }) };
  } catch (error) {
    // Both come from the text: aliases beyond the limit or without an anchor, and nesting deeper than the stack.
    if (error instanceof ReferenceError) return { problem: 'its aliases stand for too many values, or for none' };
    if (error instanceof RangeError) return { problem: 'it is nested too deeply' };
    throw error;
  }
}
