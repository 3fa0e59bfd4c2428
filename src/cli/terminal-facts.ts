/** Width, colour and signs: what the terminal can show and the user wants. */
import type { TextOptions } from '../report/terminal.ts';
import type { Host } from './host.ts';

export type ColorChoice = 'auto' | 'always' | 'never';
export const COLOR_CHOICES: readonly ColorChoice[] = ['auto', 'always', 'never'];

const PIPE_WIDTH = 80;
const WIDEST = 400;

export function textOptions(host: Host, choice: ColorChoice, toFile: boolean, verbose: boolean): TextOptions {
  return { width: widthOf(host, toFile), color: colorOf(host, choice, toFile), unicode: toFile || unicodeOf(host.env), verbose };
}

export function widthOf({ env, stdout }: Pick<Host, 'env' | 'stdout'>, toFile = false): number {
  const asked = /^[1-9]\d{0,5}$/.test(env.COLUMNS ?? '') ? Number(env.COLUMNS) : undefined;
  const width = asked ?? (stdout.isTTY && !toFile ? stdout.columns : undefined) ?? PIPE_WIDTH;
  return Math.min(width, WIDEST);
}

function colorOf({ env, stdout }: Pick<Host, 'env' | 'stdout'>, choice: ColorChoice, toFile = false): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') return !/^(0|false)$/i.test(env.FORCE_COLOR);
  if (env.CLICOLOR_FORCE !== undefined && env.CLICOLOR_FORCE !== '' && env.CLICOLOR_FORCE !== '0') return true;
  return stdout.isTTY && !toFile && env.TERM !== 'dumb';
}

/** A locale that is set and is not UTF-8 is believed; none at all is usual in containers, whose output UTF-8 terminals show. */
function unicodeOf(env: Host['env']): boolean {
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((name) => name !== undefined && name !== '');
  return locale === undefined || /utf-?8/i.test(locale);
}
