/** `pipeopt`: from argv to an exit code. Answers `--version` before it loads anything: shells and CI ask for it often. */
import { type Host, nodeHost } from './host.ts';
import { EXIT } from './trouble.ts';

declare const PIPEOPT_VERSION: string | undefined;

export async function main(argv: string[], host: Host = nodeHost()): Promise<number> {
  const args = argv.slice(2);
  const version = typeof PIPEOPT_VERSION === 'string' ? PIPEOPT_VERSION : '0.0.0-source';
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    host.stdout.write(`pipeopt ${version}\n`);
    return 0;
  }
  const { runProgram } = await import('./program.ts');
  const code = await runProgram(args, version, host);
  return host.outputLost === true ? EXIT.couldNot : code;
}
