/** What a step of a script does to files and to what comes after it, while it is being gathered. */
import type { SourceRange } from '../../source/source-file.ts';
import { covers, type Name, type Word } from './names.ts';
import type { Command } from './script-reading.ts';

export class Effects {
  readonly commands: Command[] = [];
  readonly reads: Name[] = [];
  readonly writes: Name[] = [];
  /** Moved away or removed. */
  readonly removes: Name[] = [];
  /** Reads of what the step itself has written before. */
  readonly ownReads = new Set<Name>();
  /** Variables that it asks for, and sets. */
  readonly envReads = new Set<string>();
  readonly envWrites = new Set<string>();
  /** A file made from another one unchanged: `ln`, `cp`, `mv`, `cat one > other`. */
  readonly copies: { readonly from: Name; readonly to: Name }[] = [];
  /** The first command whose reading is not known, and why. */
  unknown: { readonly place: SourceRange; readonly what: string } | undefined;
  /** It writes more than `writes` says. */
  writesMore = false;
  /** A command of which only what modules use is known: it may read more. */
  partly: SourceRange | undefined;
  /** A command is given words that are not known: options, or names. */
  loose: SourceRange | undefined;
  /** Files beside those named may be opened: an index. */
  companions: SourceRange | undefined;
  /** Everything behind it depends on it, and it on all before: `cd`, `wait`, `exit`. */
  orders = false;
  trivial = true;
  /** `task.cpus` is written into it. */
  cpus = false;
  /** It may learn the number of cpus by itself, or from a variable that is not known. */
  cpusUnknown = false;
  background = false;

  get known(): boolean {
    return this.unknown === undefined && !this.writesMore && !this.orders;
  }

  fail(place: SourceRange, what: string): void {
    this.unknown ??= { place, what };
    this.trivial = false;
  }

  /** The command at this place is code of the pipeline's own that is not read. */
  failOwn(place: SourceRange, what: string, words?: readonly Word[]): void {
    this.fail(place, what);
    const command = this.commands.at(-1);
    if (command?.range === place)
      this.commands.splice(-1, 1, words === undefined ? { ...command, ownCode: true } : { ...command, ownCode: true, words });
  }

  read(name: Name | undefined): void {
    if (name === undefined) return;
    this.reads.push(name);
    if (this.writes.some((written) => covers(written, name))) this.ownReads.add(name);
  }

  write(name: Name | undefined): void {
    if (name !== undefined) this.writes.push(name);
  }
}
