/**
 * The pipeline's files as the core sees them: read, list, stat, synchronously. A folder on disk, a git revision or a
 * test's map can stand behind it. Paths are POSIX and relative to the pipeline's root.
 */
export type FileStat = 'file' | 'folder' | undefined;

export interface FileTree {
  /** What the root is called: the folder's name. */
  readonly name: string;
  /** The text, or undefined when there is no such file or it may not be read. */
  read(path: string): string | undefined;
  /** Names in a folder, sorted; empty when there is no such folder. */
  list(path: string): readonly string[];
  stat(path: string): FileStat;
  /** Says why a path could not be read, if there is more to say than that it is not there. */
  trouble(path: string): string | undefined;
}

/** Files held in memory: what tests and the public API's callers give. */
export function memoryTree(files: Readonly<Record<string, string>>): FileTree {
  const folders = new Map<string, Set<string>>([['', new Set()]]);
  const texts = new Map(Object.entries(files).map(([path, text]) => [normalizePath(path), text]));
  for (const path of texts.keys()) {
    let child = path;
    while (child !== '') {
      const parent = child.includes('/') ? child.slice(0, child.lastIndexOf('/')) : '';
      const names = folders.get(parent) ?? new Set();
      names.add(child.slice(parent === '' ? 0 : parent.length + 1));
      folders.set(parent, names);
      child = parent;
    }
  }
  return {
    name: '',
    read: (path) => texts.get(normalizePath(path)),
    list: (path) => [...(folders.get(normalizePath(path)) ?? [])].sort(),
    stat: (path) => (texts.has(normalizePath(path)) ? 'file' : folders.has(normalizePath(path)) ? 'folder' : undefined),
    trouble: () => undefined,
  };
}

/** Nothing in it is to be resolved, as in most paths. */
export function isNormal(path: string): boolean {
  return !/(?:^|\/)\.{0,2}(?:\/|$)/.test(path);
}

/** Resolves `.`, `..` and doubled slashes of a root-relative path; `..` above the root is kept. The root itself is ''. */
export function normalizePath(path: string): string {
  if (isNormal(path)) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

/** Resolves a path written in a file of `folder`. */
export function resolvePath(folder: string, path: string): string {
  return normalizePath(folder === '' ? path : `${folder}/${path}`);
}
