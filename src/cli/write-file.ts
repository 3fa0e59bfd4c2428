/** Writing what the user asked for. The cli's one door out. */
import { lstatSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Trouble } from './trouble.ts';

/** Whole or not at all: whoever reads the file never finds half a report. */
export function writeWhole(path: string, text: string, cwd: string): void {
  const full = resolve(cwd, path);
  const temporary = join(dirname(full), `.${basename(full)}.${process.pid}.tmp`);
  let made = false;
  try {
    // A device, a pipe or a link (/dev/null, >(…)) is written to and not replaced.
    if (isSpecial(full)) {
      writeFileSync(full, text);
      return;
    }
    writeFileSync(temporary, text, { flag: 'wx' });
    made = true;
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
    throw new Trouble(`-o ${path}: ${reason}`, { hint: `tried ${full}` });
  }
}

function isSpecial(full: string): boolean {
  const stat = lstatSync(full, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}
