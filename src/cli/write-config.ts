/** `--write-config FILE`: what tasks should ask for, written only where nothing else changes by it. */
import { gatheredLeftOut } from '../report/left-out.ts';
import { counted } from '../report/quantities.ts';
import type { Report, ReportProposal } from '../report/report.ts';
import type { AnalyzeFlags } from './analyze.ts';
import type { Host } from './host.ts';
import { say } from './say.ts';
import { Trouble } from './trouble.ts';
import { writeWhole } from './write-file.ts';

const FLAG = '--write-config';
/** Of what does not hold. */
const MOST_LINES = 10;

/** What can be told before anything is read. @throws Trouble */
export function checkConfigFlag({ writeConfig, trace, output }: AnalyzeFlags): void {
  if (writeConfig === undefined) return;
  if (trace === undefined)
    throw new Trouble(`${FLAG}: what tasks use is measured in a run`, { hint: 'give its trace with --trace trace.txt' });
  if (writeConfig === '-') throw new Trouble(`${FLAG} -: the report goes there`, { hint: 'name a file, such as pipeopt.config' });
  if (writeConfig === output) throw new Trouble(`${FLAG} and -o name the same file`, { hint: 'name two' });
}

/** @throws Trouble */
export function writeConfig(reports: readonly Report[], path: string, host: Host): void {
  const [report, other] = reports;
  if (report === undefined) return;
  if (other !== undefined) throw new Trouble(`${FLAG} ${path}: a config is for one pipeline`, { hint: 'name one' });
  const proposal = report.proposals?.find(({ id }) => id === 'right-sized-config');
  const leftOut = gatheredLeftOut(proposal?.verification.leftOut ?? []).map(
    ({ calls, because }) => `${calls.join(', ')} ${calls.length === 1 ? 'is left as it is' : 'are left as they are'}: ${because}`,
  );
  if (proposal === undefined || proposal.calls.length === 0) {
    const why =
      leftOut.length === 0
        ? 'no request is worth a change'
        : (report.estimates?.notProposed?.length ?? 0) > 0
          ? 'no smaller request leaves the run as fast and as cheap as it is'
          : 'no call can be reached by itself';
    say(host, `${path} is not written: ${why}`, textOf(leftOut));
    return;
  }
  const { held, lost, touched } = proposal.verification;
  if (proposal.config === undefined)
    throw new Trouble(`${FLAG} ${path}: not written, since other settings would change`, {
      hint: textOf(touched.map(({ call, directive }) => `${call} ${directive}`)),
    });
  writeWhole(path, proposal.config, host.cwd, FLAG);
  const all = held + lost.length;
  say(
    host,
    `${path} has ${proposal.title}; read again with it, ${lost.length === 0 ? `all ${counted(all, 'setting')} hold` : `${held} of ${counted(all, 'setting')} hold`} and no other changes`,
    textOf([...lost.map(lostText), ...leftOut]),
  );
}

function lostText({ call, directive, attempt, intended, got, wonBy }: ReportProposal['verification']['lost'][number]): string {
  return `${call} ${directive} of attempt ${attempt}: ${got} in place of ${intended}, by ${wonBy}`;
}

function textOf(lines: readonly string[]): string | undefined {
  if (lines.length === 0) return undefined;
  const more = lines.length - MOST_LINES;
  return [...lines.slice(0, MOST_LINES), ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}
