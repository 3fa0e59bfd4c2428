/** What the command line needs of the machine; a test gives its own. */
import { setFlagsFromString } from 'node:v8';
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
  loadCore(): Promise<Core>;
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
    now: () => performance.now(),
    loadCore() {
      // A run is over before most of its code is worth optimising: V8 waits longer before it tries, and leaves the shell's grammar (wasm) as
      // it was first compiled. sarek 0.72 s → 0.57 s without the grammar, 1.3 s → 0.75 s of processor time with it, nf-core/modules
      // 1.02 s → 0.93 s (Node 20, 2 cores). On 22 the first gains nothing, and 24 complains that it has no such flag.
      if (process.version.startsWith('v20.')) for (const flag of ['--interrupt-budget=1000000', '--liftoff-only']) setFlagsFromString(flag);
      return import('../run.ts');
    },
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
