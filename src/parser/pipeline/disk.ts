/** The one door to the disk for a pipeline's own files. Nothing is written, and nothing outside the pipeline is read in silence. */
import { lstatSync, readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, parse, resolve, sep } from 'node:path';
import { type FileStat, type FileTree, isNormal } from './file-tree.ts';
import { PipelineNotFound } from './load.ts';

/** The largest scripts that people write are a twentieth of this; a tree of more would not fit in half a gigabyte. */
const LARGEST_FILE = 4 * 1024 * 1024;

/** Walks up from a folder to the work tree's root: modules may lie beside the pipeline, but not outside its repository. */
function repositoryOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (lstatSync(join(at, '.git'), { throwIfNoEntry: false }) !== undefined) return at;
    if (dirname(at) === at) return folder;
  }
}

/** A folder on disk. Symbolic links are followed only within the pipeline's repository (or its folder, when it is in none). */
export function openFolder(folder: string): FileTree {
  const root = realpathSync(resolve(folder));
  return diskTree(root, repositoryOf(root));
}

/** A pipeline by its folder or its script. @throws PipelineNotFound */
export function openPipeline(path: string): { tree: FileTree; entryPath: string | undefined } {
  const absolute = resolve(path);
  const stats = statSync(absolute, { throwIfNoEntry: false });
  if (stats === undefined) throw new PipelineNotFound(`${path} is not there`);
  if (stats.isDirectory()) return { tree: openFolder(absolute), entryPath: undefined };
  if (!stats.isFile()) throw new PipelineNotFound(`${path} is neither a file nor a folder`);
  return { tree: openFolder(dirname(absolute)), entryPath: basename(absolute) };
}

/** The machine's files as the user names them: absolute, or from a folder. Who uses it sees to it that only those are asked for. */
export function openUserFiles(from: string): FileTree {
  return diskTree(resolve(from), parse(resolve(from)).root);
}

/** What a path leads to. */
interface Found {
  /** Where it really is. */
  readonly path: string;
  readonly stats: Stats;
}
interface Lost {
  /** More than that it is not there. */
  readonly trouble: string | undefined;
}

const NOWHERE: Lost = { trouble: undefined };
const OUTSIDE: Lost = { trouble: 'it lies outside the pipeline’s folder, and pipeopt does not read there' };
/** Longer ones no system opens. */
const LONGEST_PATH = 4096;

function diskTree(root: string, boundary: string): FileTree {
  const inRoot = withSeparator(root);
  const inBoundary = withSeparator(boundary);
  /** By absolute path. A report is of one moment: nothing is looked for twice. */
  const known = new Map<string, Found | Lost>();
  /** What is there and could not be read, by path. */
  const unread = new Map<string, string | undefined>();

  function find(path: string): Found | Lost {
    if (path.includes('\0') || path.length > LONGEST_PATH) return NOWHERE;
    return at(sep === '/' && isNormal(path) ? inRoot + path : resolve(root, path));
  }
  function at(absolute: string): Found | Lost {
    let found = known.get(absolute);
    if (found === undefined) known.set(absolute, (found = look(absolute)));
    return found;
  }
  function within(absolute: string): boolean {
    return absolute === boundary || absolute.startsWith(inBoundary);
  }
  function look(absolute: string): Found | Lost {
    // Not even looked at: another machine's share may be meant.
    if (!within(absolute)) return OUTSIDE;
    try {
      if (!absolute.startsWith(inRoot)) return followed(absolute);
      // Most files are no links: then their folder's real place tells theirs.
      const folder = at(dirname(absolute));
      if ('trouble' in folder) return folder;
      const path = withSeparator(folder.path) + absolute.slice(absolute.lastIndexOf(sep) + 1);
      const stats = lstatSync(path, { throwIfNoEntry: false });
      if (stats === undefined) return NOWHERE;
      return stats.isSymbolicLink() ? followed(path) : { path, stats };
    } catch (error) {
      // The parent is a file, or may not be entered.
      return { trouble: troubleOf(error) };
    }
  }
  function followed(absolute: string): Found | Lost {
    const path = realpathSync(absolute);
    return within(path) ? { path, stats: statSync(path) } : OUTSIDE;
  }
  /** What reading gives; where that cannot be had, the reason is kept. */
  function attempt<T>(path: string, read: (found: Found) => T): T | undefined {
    const found = find(path);
    if ('trouble' in found) return undefined;
    try {
      return read(found);
    } catch (error) {
      unread.set(path, troubleOf(error));
      return undefined;
    }
  }

  return {
    name: basename(root),
    read: (path) =>
      attempt(path, ({ path: real, stats }) => {
        const trouble = unreadable(stats);
        const text = trouble === undefined ? readFileSync(real, 'utf8') : undefined;
        // What the byte order mark of UTF-16 becomes.
        if (text?.startsWith('\ufffd\ufffd') !== true && trouble === undefined) return text;
        unread.set(path, trouble ?? 'it is UTF-16 text, and Nextflow reads UTF-8');
        return undefined;
      }),
    list: (path) => attempt(path, ({ path: real }) => readdirSync(real).sort()) ?? [],
    stat(path): FileStat {
      const found = find(path);
      return 'trouble' in found ? undefined : found.stats.isDirectory() ? 'folder' : found.stats.isFile() ? 'file' : undefined;
    },
    trouble(path) {
      const found = find(path);
      return 'trouble' in found ? found.trouble : (unread.get(path) ?? unreadable(found.stats));
    },
  };
}

function unreadable(stats: Stats): string | undefined {
  // A pipe or a device would be read for ever.
  if (!stats.isFile()) return 'it is no plain file';
  if (stats.size > LARGEST_FILE)
    return `it is ${Math.round(stats.size / 1024 / 1024)} MB large, and pipeopt reads no script of more than 4 MB`;
  return undefined;
}

function troubleOf(error: unknown): string | undefined {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return undefined;
    case 'EACCES':
    case 'EPERM':
      return 'permission to read it was denied';
    case 'ELOOP':
      return 'it is a symbolic link that leads to itself';
    case 'EISDIR':
      return 'it is a folder';
    default:
      return `the system says ${code ?? 'that it cannot be read'}`;
  }
}

function withSeparator(folder: string): string {
  return folder.endsWith(sep) ? folder : folder + sep;
}
