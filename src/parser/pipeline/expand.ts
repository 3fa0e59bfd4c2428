/** Which pipelines a user names. */
import fastGlob from 'fast-glob';

export interface Expanded {
  /** As given. */
  readonly pattern: string;
  readonly glob: boolean;
  readonly paths: readonly string[];
}

/** Globs become the paths that match, sorted; what is no glob stays as it is, there or not. Never into `.git`, `work` or packages. */
export function expandPipelines(patterns: readonly string[], cwd: string): Expanded[] {
  return patterns.map((pattern) => {
    // A file may really be called `run[1]/main.nf`.
    const posix = process.platform === 'win32' ? fastGlob.convertPathToPattern(pattern) : pattern;
    const literal =
      !fastGlob.isDynamicPattern(posix) || fastGlob.sync(fastGlob.escapePath(pattern), { cwd, onlyFiles: false, dot: true }).length > 0;
    if (literal) return { pattern, glob: false, paths: [pattern] };
    const paths = fastGlob.sync(posix, {
      cwd,
      onlyFiles: false,
      unique: true,
      suppressErrors: true,
      followSymbolicLinks: false,
      ignore: ['**/.git/**', '**/node_modules/**', '**/.nextflow/**', '**/work/??/**'],
    });
    return { pattern, glob: true, paths: paths.sort() };
  });
}
