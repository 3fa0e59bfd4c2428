/** How long tasks take, as the user says it: `--duration STAR=2h..4h`, and a file with `process,seconds`. */
import type { CoreOptions } from './core.ts';
import { readText } from './read-files.ts';
import { Trouble } from './trouble.ts';

type Declared = NonNullable<CoreOptions['durations']>;

const HOW =
  'write it like --duration STAR_ALIGN=30m, or STAR_ALIGN=20m..1h where it varies; units are ms, s, m, h and d, fractions have a point (1.5h)';
const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600, d: 86_400 };

/** What stands on the command line wins over the file. @throws Trouble */
export function declaredDurations(given: readonly string[], file: string | undefined, cwd: string): Declared {
  const all: Record<string, Declared[string]> = Object.create(null);
  if (file !== undefined) Object.assign(all, durationsFile(readText(file, cwd, '--durations'), file));
  for (const text of given) {
    const equals = text.lastIndexOf('=');
    if (equals < 1) throw new Trouble(`--duration ${text}: a call or a time is missing`, { hint: HOW });
    const given = text.slice(equals + 1).trim();
    const [low, high = low, ...more] = given.split('..').map(secondsOf);
    if (given === '') throw new Trouble(`--duration ${text}: the time is missing`, { hint: HOW });
    if (low === undefined || high === undefined || more.length > 0)
      throw new Trouble(
        `--duration ${text}: ${given} is ${/^\d+$/.test(given) ? 'a number without a unit' : 'no length of time that is known here'}`,
        { hint: HOW },
      );
    if (high < low) throw new Trouble(`--duration ${text}: the range goes down`, { hint: HOW });
    all[text.slice(0, equals).trim()] = { low, high, source: '--duration' };
  }
  return all;
}

/** Seconds. @throws Trouble */
export function timeOf(flag: string, text: string): number {
  const seconds = secondsOf(text);
  if (seconds === undefined)
    throw new Trouble(`${flag} ${text}: no length of time`, { hint: 'a number with its unit, such as 10h or 1h30m' });
  return seconds;
}

/** `30m`, `1h 30m`, `90s`. undefined: none, or nothing. */
function secondsOf(text: string): number | undefined {
  if (!/^(\s*\d+(\.\d+)?\s*(ms|s|min|m|h|d))+\s*$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)/g))
    seconds += Number(number) * (UNITS[unit as string] as number);
  return seconds > 0 && seconds < 1e9 ? seconds : undefined;
}

/** Columns `process,seconds`; several rows of one process are a range. Names of processes hold no comma and no quotes. */
function durationsFile(text: string, path: string): Declared {
  const all: Record<string, { low: number; high: number; source: string }> = Object.create(null);
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [name = '', number = '', ...more] = line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    const wrong = (what: string): Trouble =>
      new Trouble(`--durations ${path}: line ${index + 1}: ${what}`, {
        hint: 'two columns with a comma between them, process,seconds: STAR_ALIGN,5400',
      });
    if (index === 0 && /^process$/i.test(name)) {
      if (!/^seconds$/i.test(number)) throw wrong(`the second column is ${number}, and seconds were expected`);
      continue;
    }
    const seconds = Number(number);
    if (name === '' || number === '') throw wrong('a process and its seconds were expected');
    if (more.length > 0) throw wrong(`there are ${2 + more.length} columns, where two were expected`);
    if (!(seconds > 0) || seconds >= 1e9) throw wrong(`${number} is no number of seconds`);
    const before = all[name];
    const source = `${path}:${index + 1}`;
    all[name] = {
      low: Math.min(seconds, before?.low ?? seconds),
      high: Math.max(seconds, before?.high ?? seconds),
      source: before?.source ?? source,
    };
  }
  if (Object.keys(all).length === 0)
    throw new Trouble(`--durations ${path}: there is no duration in it`, { hint: 'a line for each process, such as STAR_ALIGN,5400' });
  return all;
}
