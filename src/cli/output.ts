/** A report goes to stdout or, whole, to a file. */
import type { Host } from './host.ts';
import { writeWhole } from './write-file.ts';

export function output(text: string, file: string | undefined, host: Host): void {
  if (file === undefined || file === '-') host.stdout.write(text);
  else writeWhole(file, text, host.cwd);
}
