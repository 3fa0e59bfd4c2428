/** What goes to stderr. */
import { printable } from '../report/printable.ts';
import type { Host } from './host.ts';
import { EXIT, type ExitCode, Trouble } from './trouble.ts';

/** Our own mistakes name the place; nobody can report what they cannot see. */
const STACK_LINES = 6;

export function say(host: Host, message: string, hint?: string): void {
  // Names of files and params may hold terminal escapes; line ends of our own stay.
  const lines = [`pipeopt: ${message}`, ...(hint === undefined ? [] : hint.split('\n').map((line) => `  ${line}`))];
  host.stderr.write(`${lines.map((line) => /^ */.exec(line)![0] + printable(line.trimStart())).join('\n')}\n`);
}

export function sayError(host: Host, error: unknown): ExitCode {
  if (error instanceof Trouble) {
    say(host, error.message, error.hint);
    return error.exitCode;
  }
  // V8 holds no text of more than half a gigabyte.
  if (error instanceof RangeError && error.message === 'Invalid string length') {
    say(
      host,
      'the report is longer than half a gigabyte, which is more than fits into one text',
      'the page (-f text) shows less; several pipelines can be analysed one by one',
    );
    return EXIT.couldNot;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  say(
    host,
    'this is a bug in pipeopt, not in your pipeline; please report it with these lines:',
    stack.split('\n').slice(0, STACK_LINES).join('\n'),
  );
  return EXIT.couldNot;
}
