/** The doors to the disk with Windows' paths: the same code on `path.win32` and a small stand-in for its file system. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openPipeline } from '../../../src/parser/pipeline/disk.ts';
import { expandPaths } from '../../../src/parser/pipeline/expand.ts';
import { loadPipeline } from '../../../src/parser/pipeline/load.ts';

const disk = vi.hoisted(() => ({ files: new Map<string, string>(), links: new Map<string, string>(), asked: [] as string[] }));

vi.mock('node:path', async (original) => {
  const { win32: path } = (await original()) as typeof import('node:path');
  return { ...path, resolve: (...parts: string[]) => path.resolve('C:\\', ...parts), default: path };
});
vi.mock('node:fs', async (original) => {
  const isFolder = (path: string): boolean =>
    [...disk.files.keys()].some((file) => file.startsWith(path.endsWith('\\') ? path : `${path}\\`));
  const stats = (path: string) => {
    disk.asked.push(path);
    const link = disk.links.has(path);
    const file = disk.files.has(path);
    if (!link && !file && !isFolder(path)) return undefined;
    return { size: 1, isFile: () => file, isDirectory: () => !link && !file, isSymbolicLink: () => link };
  };
  return {
    ...((await original()) as object),
    lstatSync: stats,
    statSync: stats,
    realpathSync: (path: string) => disk.links.get(path) ?? path,
    readFileSync: (path: string) => disk.files.get(path),
    readdirSync: (path: string) => [...disk.files.keys()].filter((file) => file.startsWith(`${path}\\`)),
  };
});

function lay(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) disk.files.set(path, text);
}

afterEach(() => {
  disk.files.clear();
  disk.links.clear();
  disk.asked.length = 0;
});

function read(path: string) {
  const { tree, entryPath } = openPipeline(path);
  return loadPipeline(tree, entryPath, { fileParams: {}, commandLineParams: {}, profiles: [], configs: [] });
}

describe('on Windows', () => {
  it('a pipeline is read by its folder or its script, and its paths have slashes', () => {
    lay({
      'C:\\lab\\rna\\main.nf': 'workflow { }',
      'C:\\lab\\rna\\nextflow.config': "includeConfig 'conf/base.config'",
      'C:\\lab\\rna\\conf\\base.config': 'process.cpus = 2',
    });
    for (const path of ['C:\\lab\\rna', 'C:\\lab\\rna\\main.nf', 'C:/lab/rna/main.nf', 'lab\\rna']) {
      const pipeline = read(path);
      expect(pipeline.entry.file.path).toBe('main.nf');
      expect(pipeline.configFiles.map((file) => file.path)).toEqual(['nextflow.config', 'conf/base.config']);
    }
  });

  it('nothing outside the folder is asked for: no neighbour, no drive, no share', () => {
    lay({ 'C:\\lab\\rna\\main.nf': '', 'C:\\lab\\rnaseq\\main.nf': '', 'D:\\x.nf': '', '\\\\host\\share\\x.nf': '' });
    const { tree } = openPipeline('C:\\lab\\rna');
    disk.asked.length = 0;
    for (const path of ['../rnaseq/main.nf', '..\\rnaseq\\main.nf', 'D:\\x.nf', '\\\\host\\share\\x.nf', '//host/share/x.nf']) {
      expect(tree.read(path)).toBeUndefined();
      expect(tree.trouble(path)).toContain('outside the pipeline’s folder');
    }
    expect(disk.asked).toEqual([]);
  });

  it('a link is followed only within the folder', () => {
    lay({ 'C:\\lab\\rna\\main.nf': '', 'C:\\lab\\rna\\real.nf': 'inside', 'C:\\secret.nf': 'outside' });
    disk.links.set('C:\\lab\\rna\\in.nf', 'C:\\lab\\rna\\real.nf').set('C:\\lab\\rna\\out.nf', 'C:\\secret.nf');
    const { tree } = openPipeline('C:\\lab\\rna');
    expect(tree.read('in.nf')).toBe('inside');
    expect(tree.read('out.nf')).toBeUndefined();
  });

  it('the backslashes of a glob part folders', async () => {
    const [found] = await expandPaths(['fixtures\\dsl1\\flat*\\main.nf'], process.cwd());
    expect(found?.paths).toEqual(['fixtures/dsl1/flattened-outputs/main.nf']);
  });
});
