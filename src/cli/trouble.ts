/** What stops us and is no bug of ours: said in a sentence, with the way out. */
export type ExitCode = 0 | 1 | 2 | 3;
export const EXIT = { fine: 0, findings: 1, couldNot: 2, noPipeline: 3 } as const;

export class Trouble extends Error {
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(message: string, options: { hint?: string | undefined; exitCode?: ExitCode } = {}) {
    super(message);
    this.name = 'Trouble';
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? EXIT.couldNot;
  }
}
