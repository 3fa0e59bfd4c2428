/** The one door to the disk for a pipeline's own files. Nothing is written, and nothing outside the pipeline is read in silence. */
import { lstatSync, readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, parse, resolve, sep } from 'node:path';
import type { FileStat, FileTree } from './file-tree.ts';
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

/** A pipe or a device would be read for ever. */
function plainStats(path: string): { size: number; isFile: boolean } {
  const stats = statSync(path);
  return { size: stats.size, isFile: stats.isFile() };
}

/** The machine's files as the user names them: absolute, or from a folder. Who uses it sees to it that only those are asked for. */
export function openUserFiles(from: string): FileTree {
  return diskTree(resolve(from), parse(resolve(from)).root);
}

function diskTree(root: string, boundary: string): FileTree {
  const troubles = new Map<string, string>();
  /** Folders by the path they were asked for: where they really are, or undefined when they may not be read. */
  const folders = new Map<string, string | undefined>();

  function locate(path: string): string | undefined {
    if (path.includes('\0')) return undefined;
    const absolute = resolve(root, path);
    if (absolute === root) return root;
    const parent = dirname(absolute);
    if (!folders.has(parent)) folders.set(parent, within(path, parent));
    const folder = folders.get(parent);
    if (folder === undefined) return undefined;
    // Most files are no links: then their folder's real place tells theirs.
    const plain = join(folder, basename(absolute));
    try {
      const stats = lstatSync(plain, { throwIfNoEntry: false });
      if (stats === undefined) return undefined;
      return stats.isSymbolicLink() ? within(path, plain) : plain;
    } catch (error) {
      // The parent is a file, or may not be entered.
      note(path, error);
      return undefined;
    }
  }
  function within(path: string, absolute: string): string | undefined {
    let real: string;
    try {
      real = realpathSync(absolute);
    } catch (error) {
      note(path, error);
      return undefined;
    }
    if (real === boundary || real.startsWith(boundary.endsWith(sep) ? boundary : boundary + sep)) return real;
    troubles.set(path, 'it lies outside the pipeline’s folder, and pipeopt does not read there');
    return undefined;
  }
  function note(path: string, error: unknown): void {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EACCES' || code === 'EPERM') troubles.set(path, 'permission to read it was denied');
    else if (code === 'ELOOP') troubles.set(path, 'it is a symbolic link that leads to itself');
    else if (code === 'EISDIR') troubles.set(path, 'it is a folder');
    else if (code !== 'ENOENT' && code !== 'ENOTDIR') troubles.set(path, `the system says ${code ?? 'that it cannot be read'}`);
  }

  return {
    name: basename(root),
    read(path) {
      const real = locate(path);
      if (real === undefined) return undefined;
      try {
        const { size, isFile } = plainStats(real);
        if (!isFile) {
          troubles.set(path, 'it is no plain file');
          return undefined;
        }
        if (size > LARGEST_FILE) {
          troubles.set(path, `it is ${Math.round(size / 1024 / 1024)} MB large, and pipeopt reads no script of more than 4 MB`);
          return undefined;
        }
        return readFileSync(real, 'utf8');
      } catch (error) {
        note(path, error);
        return undefined;
      }
    },
    list(path) {
      const real = locate(path);
      if (real === undefined) return [];
      try {
        return readdirSync(real).sort();
      } catch (error) {
        note(path, error);
        return [];
      }
    },
    stat(path): FileStat {
      const real = locate(path);
      if (real === undefined) return undefined;
      let stats: Stats | undefined;
      try {
        stats = statSync(real, { throwIfNoEntry: false });
      } catch (error) {
        note(path, error);
      }
      return stats === undefined ? undefined : stats.isDirectory() ? 'folder' : stats.isFile() ? 'file' : undefined;
    },
    trouble: (path) => troubles.get(path),
  };
}
