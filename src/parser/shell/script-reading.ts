/**
 * What a process's script does, as far as its text tells: commands, files read and written, staged inputs used, threads passed.
 * Groovy in it is kept as holes: what is not known stays unknown, and a script of which the commands cannot be told is opaque.
 * Ranges are in the file that holds the text (the process's script, or its template).
 */
import type { SourceRange } from '../../source/source-file.ts';
import type { Word } from './names.ts';
import type { ToolSpec } from './tool-spec.ts';

export interface ScriptReading {
  /** Why nothing can be said; undefined when the commands are known. */
  readonly opaque: string | undefined;
  /** Top-level units in order: a simple command, a pipeline, a loop, an `if`, a subshell is one step. */
  readonly steps: readonly ScriptStep[];
  /** One entry for each name that an input declares (`tuple val(meta), path(bam)` has two), in order. */
  readonly inputs: readonly InputUse[];
  readonly outputs: readonly OutputOrigin[];
  /** `task.cpus` reaches a command, by whatever way: text, `ext.args`, a variable, an exported environment variable. */
  readonly passesThreads: 'yes' | 'no' | 'unknown';
  /** Ways in which the text can come out, by conditions that are not known; `steps` are those of the longest. */
  readonly variants: number;
}

export interface Command {
  /** The word in command position, without its path; undefined where it is made at run time. */
  readonly name: string | undefined;
  readonly subcommand: string | undefined;
  readonly spec: ToolSpec | undefined;
  readonly range: SourceRange;
  /** The number given to its thread option. `task.cpus` also where it is reckoned from it: `written` is then more than `task.cpus`. */
  readonly threads:
    | {
        readonly flag: string;
        readonly value: number | 'task.cpus' | 'unknown';
        readonly range: SourceRange;
        /** The Groovy that gives the number: `task.cpus - 1`. */
        readonly written?: string;
      }
    | undefined;
  /** Commands of one step with the same number run at the same time: they stand in one pipeline. */
  readonly pipeline?: number;
  /** Threads that a program of the pipeline's own keeps busy at most, where its text tells. */
  readonly ownThreads?: number;
  /** The pipeline's own code, which is not read: a program of its `bin/`, a script in another language. What it writes is not known. */
  readonly ownCode?: true;
  /** Of a program of its `bin/`: the words that it is called with. */
  readonly words?: readonly Word[];
  /** It is one of many: in a loop, or behind `xargs`, `find -exec`, `parallel`. */
  readonly repeated?: true;
}

export interface ScriptStep {
  readonly range: SourceRange;
  readonly commands: readonly Command[];
  readonly reads: readonly FileName[];
  readonly writes: readonly FileName[];
  /** All effects are known: none of its commands is outside the catalogue, reads what it finds, or changes directory. */
  readonly known: boolean;
  /** Sets up or tidies: `mkdir`, `set -e`, a version here-document, `export`. No work of its own. */
  readonly trivial: boolean;
  /** Earlier steps (indices) that must have ended: they write what this one reads or writes, read what it writes, or set its environment. */
  readonly after: readonly number[];
}

/** A name as written: `text` with `\u0000` for each hole; `input` when the hole or name is a staged input of that name. */
export interface FileName {
  readonly text: string;
  readonly kind: 'literal' | 'pattern' | 'prefix' | 'anything';
  readonly input: string | undefined;
  /** Named after a staged file or a sample, or as an output is: it lies in the task's folder, though what its name begins with is not known. */
  readonly here?: true;
  /** Of `anything`: the input, no file, of which it is the value: `--by $window`. */
  readonly value?: string;
}

/**
 * How an input is used.
 * `direct` its value is written into a command · `staged-name` a command names the file as it is staged · `listing` a glob, `.`, `find`
 * or a tool that reads its folder finds it · `companion` opened beside a file that is read · `environment` `env`, `stdin` or a staged
 * variable · `groovy` in Groovy code of the script that reaches a command · `config` in `ext.*`, `when`, `publishDir` or another
 * directive · `output` given on as an output and nothing else · `within` only `$dir/something` is read, see `parts` ·
 * `maybe` some command or code is not known · `unread` none of these, and every command is known.
 */
export type UseKind =
  | 'direct'
  | 'staged-name'
  | 'listing'
  | 'companion'
  | 'environment'
  | 'groovy'
  | 'config'
  | 'output'
  | 'within'
  | 'maybe'
  | 'unread';

export interface InputUse {
  /** Index of the input declaration, and the place of the name in it. */
  readonly input: number;
  readonly element: number;
  readonly qualifier: 'val' | 'path' | 'env' | 'stdin' | 'each' | 'other';
  readonly name: string;
  readonly declared: SourceRange;
  readonly use: UseKind;
  /** Of `within`: the part behind the folder's name, `vep/cache.txt`; with a `*` where that is not the name of one file. */
  readonly parts: readonly string[];
  /** Of `within`: what is opened beside these, if it is there, such as an index. */
  readonly beside: readonly string[];
  /** Of `listing`: how it is used where no pattern fits the name that it has. */
  readonly otherwise?: UseKind;
  /** One place that shows the use; for `maybe` the command that is not known, for `unread` what shows it to people: a tag, an `echo`. */
  readonly evidence: SourceRange | undefined;
  /** Indices of steps that use it. */
  readonly steps: readonly number[];
}

export interface OutputOrigin {
  readonly output: number;
  readonly element: number;
  readonly name: string | undefined;
  /** Steps that write it; undefined when that cannot be told. */
  readonly steps: readonly number[] | undefined;
  /** The input (index in `inputs`) that this output is, unchanged: `val(x)` of input `x`, a file only linked, copied or not touched. */
  readonly sameAs: number | undefined;
}
