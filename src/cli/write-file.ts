/** Writing what the user asked for. The cli's one door out. */
import { chmodSync, lstatSync, mkdirSync, readdirSync, renameSync, type Stats, unlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Trouble } from './trouble.ts';

/** Whole or not at all: whoever reads the file never finds half a report. */
export function writeWhole(path: string, text: string, cwd: string, flag = '-o'): void {
  const full = resolve(cwd, path);
  const temporary = join(dirname(full), `.${basename(full)}.${process.pid}.tmp`);
  let made = false;
  try {
    // A device, a pipe or a link (/dev/null, >(…)) is written to and not replaced.
    const before = lstatSync(full, { throwIfNoEntry: false });
    if (isSpecial(before)) {
      writeFileSync(full, text);
      return;
    }
    // What only its owner may read stays so, from the first byte on.
    writeFileSync(temporary, text, { flag: 'wx', ...(before === undefined ? {} : { mode: before.mode & 0o777 }) });
    made = true;
    if (before?.isFile() === true) chmodSync(temporary, before.mode & 0o7777);
    renameSync(temporary, full);
  } catch (error) {
    if (made) unlinkSync(temporary);
    throw writingTrouble(error, path, full, flag);
  }
}

/** @throws what is no trouble of the disk */
function writingTrouble(error: unknown, path: string, full: string, flag: string): Trouble {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) throw error;
  const reason =
    code === 'ENOENT'
      ? 'there is no such folder'
      : code === 'EISDIR'
        ? 'that is a folder'
        : code === 'EACCES' || code === 'EPERM'
          ? 'may not be written'
          : `could not be written (${code})`;
  return new Trouble(`${flag} ${path}: ${reason}`, { hint: `tried ${full}` });
}

/**
 * Files in a folder of their own, each whole or not at all. The folder is made if it is not there; nothing that is in it is written over unless that is `forced`, and then these files alone.
 * A link in the place of one would lead out of the folder: it is never followed.
 */
export function writeFolder(path: string, files: Readonly<Record<string, string>>, forced: boolean, cwd: string, flag = '-o'): void {
  const full = resolve(cwd, path);
  const found = lstatSync(full, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory())
    throw new Trouble(`${flag} ${path}: there is something that is no folder`, { hint: 'name a new one' });
  try {
    if (found === undefined) mkdirSync(full);
    const names = readdirSync(full);
    if (names.length > 0 && !forced)
      throw new Trouble(`${flag} ${path}: there are files in it already`, {
        hint: `name a new folder, or --force to write ${Object.keys(files).join(' and ')} anew; what else is there stays`,
      });
    for (const name of Object.keys(files))
      if (names.includes(name) && !lstatSync(join(full, name)).isFile())
        throw new Trouble(`${flag} ${path}: ${name} in it is no plain file`, { hint: 'take it away, or name a new folder' });
  } catch (error) {
    if (error instanceof Trouble) throw error;
    throw writingTrouble(error, path, full, flag);
  }
  for (const [name, text] of Object.entries(files)) writeWhole(join(full, name), text, cwd, flag);
}

function isSpecial(stat: Stats | undefined): boolean {
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}
