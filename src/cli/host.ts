/** What the command line needs of the machine; a test gives its own. */
import type { Core } from './core.ts';
import { EXIT } from './trouble.ts';

export interface Sink {
  readonly isTTY: boolean;
  readonly columns?: number | undefined;
  write(text: string): void;
}

export interface Host {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Milliseconds, of a clock that never goes back. */
  now(): number;
  /** In place of the product. */
  loadCore?(): Promise<Core>;
  /** Whether something that was to be written could not be. */
  readonly outputLost?: boolean;
}

export function nodeHost(): Host {
  let outputLost = false;
  // Whoever read the pipe (`| head`) has had enough: no reason to complain. All else means that the user has half a report.
  const lost = (error: NodeJS.ErrnoException, stream: NodeJS.WriteStream): void => {
    if (error.code === 'EPIPE') return;
    if (stream === process.stdout && !outputLost) {
      const reason = error.code === 'ENOSPC' ? 'no space is left (ENOSPC)' : (error.code ?? error.message);
      stderr.write(`pipeopt: the output could not be written: ${reason}\n`);
    }
    outputLost = true;
    // The answer may have been given already: a stream tells of its errors late.
    process.exitCode = EXIT.couldNot;
  };
  const stderr = sink(process.stderr, lost);
  return {
    cwd: process.cwd(),
    env: process.env,
    stdout: sink(process.stdout, lost),
    stderr,
    get outputLost() {
      return outputLost;
    },
    // `performance` would be loaded for it.
    now: () => Number(process.hrtime.bigint()) / 1e6,
  };
}

function sink(stream: NodeJS.WriteStream, lost: (error: NodeJS.ErrnoException, stream: NodeJS.WriteStream) => void): Sink {
  let watched = false;
  return {
    isTTY: stream.isTTY === true,
    columns: stream.columns,
    write(text) {
      if (!watched) {
        watched = true;
        stream.on('error', (error: NodeJS.ErrnoException) => lost(error, stream));
      }
      stream.write(text);
    },
  };
}
