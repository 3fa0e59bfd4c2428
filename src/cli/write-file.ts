/** Writing what the user asked for. The cli's one door out. */
import { chmodSync, lstatSync, renameSync, type Stats, unlinkSync, writeFileSync } from 'node:fs';
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
    throw new Trouble(`${flag} ${path}: ${reason}`, { hint: `tried ${full}` });
  }
}

function isSpecial(stat: Stats | undefined): boolean {
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}
