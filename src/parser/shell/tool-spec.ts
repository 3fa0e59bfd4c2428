/**
 * What the catalogue knows of a command-line tool. `catalogue/tools.json` holds an array of these, one line each, sorted by
 * tool and subcommand. A field that is absent is *not known*; it never means "none".
 */
export interface ToolSpec {
  /** The word looked for in a script: `samtools`, `bwa`, `gatk`, `STAR`. */
  readonly tool: string;
  /** The word that follows: `sort`, `HaplotypeCaller`. Absent: holds for the tool however it is called. */
  readonly subcommand?: string;
  readonly threads?: ThreadFacts;
  /** Where the names of files read stand; `=NAME` is a name that it looks for by itself. */
  readonly reads?: readonly Role[];
  /** Where the names of files written stand; `=NAME` is a name that no option gives, `{pos1}` in it the first positional's. */
  readonly writes?: readonly Role[];
  /** Options, besides those of `reads`, `writes` and `threads`, whose next word is their value (`-x..`: all up to the next option) and no file of the task. */
  readonly values?: readonly string[];
  /** Options without a value: the word behind them is what it would be without them. `-*`: all that are not named elsewhere. */
  readonly switches?: readonly string[];
  /** Files opened without being named, by the ending of the named one: `{ ".bam": [".bam.bai", ".bai"] }`. `*` for any ending or a prefix. In the file also the kinds of `catalogue.ts`: `"bam fasta"`. */
  readonly companions?: Readonly<Record<string, readonly string[]>>;
  /**
   * An index that lies beside the data is only opened with one of these options, or with a positional (`pos2`) of which it has that many. Empty: it
   * reads from the first to the last, and never opens one.
   */
  readonly indexFor?: readonly string[];
  /** Files made without being named, by the ending of the named one. */
  readonly makes?: Readonly<Record<string, readonly string[]>>;
  /** With one of these options it makes none of them, and leaves what it reads: `gzip -c`. */
  readonly makesNoneWith?: readonly string[];
  /** The named one is what it writes: an index of its own output. Absent: it is what it reads. */
  readonly makesOf?: 'written';
  /** Reads whatever it finds in the working directory, or in folders given to it. */
  readonly listsDirectory?: true;
  /** Changes, replaces or deletes what it reads: always, or with one of these options. */
  readonly inPlace?: true | readonly string[];
  /** Along which unit one command can be cut into several that give the same, and what joins the parts. */
  readonly scatter?: { readonly by: 'interval' | 'contig' | 'sequence-chunk' | 'read-chunk' | 'sample'; readonly gather: string };
  /** An index or database built from its inputs alone: once for all samples is enough. */
  readonly builds?: 'index' | 'database';
  /** How long it runs in practice, for telling heavy from light commands: seconds, minutes, or hours. */
  readonly weight?: 'light' | 'medium' | 'heavy';
  /** Documentation, help text, source, or module that it was read in. */
  readonly source: string;
  /** documented · seen in a module's script · general knowledge, which must not decide a finding by itself. */
  readonly evidence: 'documented' | 'module' | 'knowledge';
}

export interface ThreadFacts {
  /** Options that carry the number; `name=` for options written so. Empty: it never runs more than one thread. */
  readonly flags: readonly string[];
  /** Without the option; 'all': as many as the machine has. */
  readonly default?: number | 'all';
  /** The option counts helpers beside the main thread (samtools -@). */
  readonly extra?: true;
  /** No option but an environment variable or a config file carries it. */
  readonly by?: string;
  /** Whether another number gives another result. */
  readonly changesOutput?: 'no' | 'order' | 'yes';
}

/**
 * `-i` (the option's value) · `-i..` (all words behind it, up to the next option) · `-i..2` (two words behind it) · `pos1` (first positional behind the subcommand) ·
 * `pos2..` (from the second on) · `last` ·
 * `prefix:-x` (the value is how several names begin) · `dir:-d` (a folder) · `list:-l` (a file that names files) · `stdin` · `stdout` · `=NAME`.
 */
export type Role = string;
