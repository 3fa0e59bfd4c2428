/** `pipeopt rules` and `pipeopt explain RULE`. */

import { renderRuleList, renderRulePage } from '../report/terminal.ts';
import { coreOf } from './core.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Host } from './host.ts';
import { type ColorChoice, textOptions } from './terminal-facts.ts';
import { EXIT, type ExitCode, Trouble } from './trouble.ts';

export async function listRules(color: ColorChoice, host: Host): Promise<ExitCode> {
  const { RULES } = await coreOf(host);
  host.stdout.write(renderRuleList(RULES, textOptions(host, color, false, false)));
  return EXIT.fine;
}

export async function explainRule(id: string, color: ColorChoice, host: Host): Promise<ExitCode> {
  const { RULES } = await coreOf(host);
  const rule = RULES.find((candidate) => candidate.id === id);
  if (rule === undefined) {
    const ids = RULES.map((candidate) => candidate.id);
    throw new Trouble(`there is no rule ${id}${didYouMean(id, ids)}`, { hint: 'pipeopt rules lists them' });
  }
  host.stdout.write(renderRulePage(rule, textOptions(host, color, false, false)));
  return EXIT.fine;
}
