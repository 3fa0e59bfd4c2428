/**
 * What a program that a pipeline brings with it does to files, as far as its text tells. Facts alone: what cannot be told stands there as
 * unknown, with its place. Offsets are those of the text that was read; what comes from a module of the pipeline's own has the module's name.
 */

/** A part of a name: as it is written, told by an argument, what is left of such a one, or from elsewhere. */
export type Piece =
  | { readonly type: 'text'; readonly text: string }
  /** `by`: `--cases`; `#1` a place, `#*` any of the places; `*` any argument; `$cases` a hole of the script that the code stands in. */
  | { readonly type: 'told'; readonly by: string }
  /** Cut from a name, or changed: with another ending, a part of it, the folder that it lies in. */
  | { readonly type: 'part'; readonly by: string | undefined }
  | { readonly type: 'content' | 'environment' | 'temporary' | 'unknown' };

/**
 * `change`: it was there before, and is another one or gone then, or added to. `over`: another one is moved or copied to its place. `folder`: made, if it is not there. `list`: what lies in
 * it is looked at. `ask`: whether it is there, how large it is. `unknown`: given to what nobody knows.
 */
export type FileHow = 'read' | 'write' | 'change' | 'over' | 'folder' | 'list' | 'ask' | 'unknown';

export interface FileUse {
  readonly how: FileHow;
  readonly name: readonly Piece[];
  /** What it is given to. */
  readonly by: string;
  readonly start: number;
}

/** Something of which nobody knows what it does to files. */
export interface Remark {
  readonly what: string;
  readonly start: number;
}

/** As a program says which arguments it takes. */
export interface ProgramOption {
  /** `-c`, `--cases`; of one that is told by its place: none. */
  readonly flags: readonly string[];
  readonly by: string;
  /** Words behind it: none of a switch, undefined for as many as there are. */
  readonly words: 0 | 1 | undefined;
}

/** Which arguments there are is told by one of them. */
export const SUBCOMMAND = 'subcommand';

export interface ProgramReading {
  /** Why nothing can be said. */
  readonly opaque: string | undefined;
  readonly files: readonly FileUse[];
  readonly runs: readonly Remark[];
  readonly network: readonly Remark[];
  readonly environment: readonly Remark[];
  readonly dynamic: readonly Remark[];
  readonly options: readonly ProgramOption[];
  /** Texts that stand in it. */
  readonly strings: readonly string[];
}

export function opaqueReading(opaque: string): ProgramReading {
  return { opaque, files: [], runs: [], network: [], environment: [], dynamic: [], options: [], strings: [] };
}
