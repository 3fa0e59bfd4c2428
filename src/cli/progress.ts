/** What is being read, on stderr: for people who wait, and only once they do. */
import { printable } from '../report/printable.ts';
import type { Host } from './host.ts';

const PATIENCE_MS = 300;

export class Progress {
  readonly #host: Host;
  readonly #wanted: boolean;
  readonly #start: number;
  #shown = false;

  constructor(host: Host, wanted: boolean) {
    this.#host = host;
    this.#wanted = wanted && host.stderr.isTTY && (host.env.CI ?? '') === '';
    this.#start = host.now();
  }

  /** The core does not pause, so there is no timer: one pipeline after the other is the only moment to speak. */
  show(text: string): void {
    if (!this.#wanted || this.#host.now() - this.#start < PATIENCE_MS) return;
    const width = (this.#host.stderr.columns ?? 80) - 1;
    this.#host.stderr.write(`\r\u001b[2K${printable(text).slice(0, width)}`);
    this.#shown = true;
  }

  clear(): void {
    if (this.#shown) this.#host.stderr.write('\r\u001b[2K');
    this.#shown = false;
  }
}
