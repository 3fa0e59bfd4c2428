/** Which pipelines, or traces, a user names. */
import { sep } from 'node:path';

export interface Expanded {
  /** As given. */
  readonly pattern: string;
  readonly glob: boolean;
  readonly paths: readonly string[];
}

/** Without one of these a pattern is a path: the glob library, which takes a while to load, is not asked. */
const MAGIC = /[*?[\]{}()!+@]/;
const NEVER = ['**/.git/**', '**/node_modules/**', '**/.nextflow/**', '**/work/??/**'];

/** Globs become the paths that match, sorted; what is no glob stays as it is, there or not. Never into `.git`, `work` or packages. */
export async function expandPaths(patterns: readonly string[], cwd: string): Promise<Expanded[]> {
  return Promise.all(patterns.map((pattern) => expand(pattern, cwd)));
}

async function expand(pattern: string, cwd: string): Promise<Expanded> {
  const asIs = { pattern, glob: false, paths: [pattern] };
  if (!MAGIC.test(pattern)) return asIs;
  const { default: fastGlob } = await import('fast-glob');
  // To the glob library a backslash quotes the next sign, also where it parts folders.
  const slashed = sep === '\\' ? pattern.replaceAll('\\', '/') : pattern;
  if (!fastGlob.isDynamicPattern(slashed)) return asIs;
  // A file may really be called `run[1]/main.nf`.
  const literal = fastGlob.sync(fastGlob.escapePath(slashed), { cwd, onlyFiles: false, dot: true });
  if (literal.length > 0) return asIs;
  const paths = fastGlob.sync(slashed, { cwd, onlyFiles: false, suppressErrors: true, followSymbolicLinks: false, ignore: NEVER });
  return { pattern, glob: true, paths: paths.sort() };
}
