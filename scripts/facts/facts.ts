/** What one file declares, in the shape in which another parser's answer can be held against it (test/conformance/facts). */
import { parse } from '../../src/parser/syntax/parser.ts';
import { SourceFile } from '../../src/source/source-file.ts';
import { configFacts } from './config.ts';
import { scriptFacts } from './script.ts';
import { SourceText } from './source-text.ts';

export interface FactError {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}
export interface FileFacts {
  readonly file: string;
  readonly kind: 'script' | 'config';
  readonly ok: boolean;
  readonly errors: readonly FactError[];
  readonly [field: string]: unknown;
}

export function factsOf(path: string, content: string): FileFacts {
  const kind = kindOf(path);
  const file = new SourceFile(path, content);
  const result = parse(file, kind);
  const text = new SourceText(file, result);
  const errors = result.diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ start, message }) => ({ ...text.placeOf(start), message }));
  // What is salvaged from a file that cannot be read is no fact.
  if (errors.length > 0) return { file: path, kind, ok: false, errors };
  const facts = kind === 'config' ? configFacts(result.tree, text) : scriptFacts(result.tree, text);
  return { file: path, kind, ok: true, errors, ...facts };
}

export function unreadable(path: string, message: string): FileFacts {
  return { file: path, kind: kindOf(path), ok: false, errors: [{ line: 1, column: 1, message }] };
}

function kindOf(path: string): 'script' | 'config' {
  return path.endsWith('.config') ? 'config' : 'script';
}
