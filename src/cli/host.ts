/** What the command line needs of the machine; a test gives its own. */
import type { Core } from './core.ts';

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
}

export function nodeHost(): Host {
  return {
    cwd: process.cwd(),
    env: process.env,
    stdout: sink(process.stdout),
    stderr: sink(process.stderr),
    now: () => performance.now(),
    loadCore: () => import('../run.ts'),
  };
}

function sink(stream: NodeJS.WriteStream): Sink {
  let watched = false;
  return {
    isTTY: stream.isTTY === true,
    columns: stream.columns,
    write(text) {
      if (!watched) {
        watched = true;
        // Whoever read the pipe (`| head`) has had enough: no reason to complain.
        stream.on('error', (error: NodeJS.ErrnoException) => {
          if (error.code !== 'EPIPE') throw error;
        });
      }
      stream.write(text);
    },
  };
}
