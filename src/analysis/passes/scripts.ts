/** What the scripts of calls do, read when asked for; and what several rules want to know of that. */
import type { ProcessCall, ProcessGraph } from '../../parser/graph/process-graph.ts';
import type { BashParser } from '../../parser/shell/bash.ts';
import { readScript } from '../../parser/shell/read-script.ts';
import type { Command, ScriptReading } from '../../parser/shell/script-reading.ts';

export class Scripts {
  readonly #graph: ProcessGraph;
  readonly #bash: BashParser | undefined;
  readonly #known = new Map<ProcessCall, ScriptReading>();

  /** Without a parser nothing is read: every script is opaque. */
  constructor(graph: ProcessGraph, bash: BashParser | undefined) {
    this.#graph = graph;
    this.#bash = bash;
  }

  of(call: ProcessCall): ScriptReading {
    let reading = this.#known.get(call);
    if (reading === undefined) {
      reading = this.#bash === undefined ? UNREAD : readScript(call, { graph: this.#graph, bash: this.#bash });
      this.#known.set(call, reading);
    }
    return reading;
  }

  commandsOf(call: ProcessCall): readonly Command[] {
    return this.of(call).steps.flatMap(({ commands }) => commands);
  }

  /** All that its commands do to files is known: none is outside the catalogue. */
  isKnown(call: ProcessCall): boolean {
    const { opaque, steps } = this.of(call);
    return opaque === undefined && steps.length > 0 && steps.every(({ known }) => known);
  }

  /** It may do something that no file or channel of the pipeline shows: load a database, send something, wait for something. */
  sideEffectsOf(call: ProcessCall): boolean {
    const { opaque } = this.of(call);
    if (opaque !== undefined) return true;
    return this.commandsOf(call).some(({ name }) => name === undefined || REACHES_OUT.test(name));
  }
}

/** Commands that talk to something outside of the task's folder. */
const REACHES_OUT =
  /^(curl|wget|aws|gsutil|gcloud|az|azcopy|s3cmd|rclone|rsync|scp|sftp|ssh|ftp|lftp|ascp|prefetch|fasterq-dump|fastq-dump|esearch|efetch|elink|psql|mysql|sqlite3|mongo\w*|redis-cli|neo4j\w*|cypher-shell|docker|singularity|apptainer|kubectl|sbatch|qsub|bsub|srun|git|svn|pip3?|conda|mamba|mail|sendmail|slack\w*|nc|telnet|flock|lmutil|lmstat|systemctl|service|mount|umount|tower|nextflow|irsync|iput|iget|synapse|dx|gen3-client|icav2?|bs|http|httpx?|datasets|ncbi-\w+|genome_updater\S*|kill|pkill|sleep|ipcs|ipcrm)$/;

const UNREAD: ScriptReading = {
  opaque: 'the shell was not read',
  steps: [],
  inputs: [],
  outputs: [],
  passesThreads: 'unknown',
  variants: 0,
};
