/** What calls are set to, as plain values. */
import { textOf } from '../parser/evaluate/conversions.ts';
import { ClosureValue, DurationValue, ListValue, MapValue, MemoryValue, PathValue, type Value } from '../parser/evaluate/value.ts';
import type { DirectiveSetting } from '../parser/pipeline/pipeline.ts';
import { shownPath } from '../parser/pipeline/project-paths.ts';
import { tokenize } from '../parser/syntax/lexer.ts';
import { BLOCK_COMMENT, LINE_COMMENT } from '../parser/syntax/token-kinds.ts';
import type { Directives, DirectiveValue } from '../report/report.ts';
import { line } from './places.ts';

/** Not about what a task is given, and long. A `when` that holds says nothing either. */
const LEFT_OUT: ReadonlySet<string> = new Set(['publishDir', 'tag']);

const UNIT_NAMES: Readonly<Record<string, string>> = { memory: 'memoryBytes', time: 'timeMs', disk: 'diskBytes' };

const shown = new WeakMap<ReadonlyMap<string, DirectiveSetting>, Directives>();

/** Calls that share their settings share what is shown of them. */
export function directivesOf(settings: ReadonlyMap<string, DirectiveSetting>): Directives {
  const known = shown.get(settings);
  if (known !== undefined) return known;
  const directives = {};
  for (const [name, setting] of settings) {
    if (LEFT_OUT.has(name) || (name === 'when' && setting.value === true)) continue;
    let value: DirectiveValue<unknown> | undefined;
    const get = (): DirectiveValue<unknown> => (value ??= directiveOf(setting));
    const key = Object.hasOwn(UNIT_NAMES, name) ? (UNIT_NAMES[name] as string) : name;
    Object.defineProperty(directives, key, { enumerable: true, configurable: true, get });
  }
  shown.set(settings, directives);
  return directives;
}

/** A setting as written, without the comments in it. */
function oneLine(text: string): string {
  const code = text.includes('//') || text.includes('/*') ? withoutComments(text) : text;
  return code.includes('\n') || code.includes('  ') ? code.replace(/\s+/g, ' ').trim() : code;
}

function withoutComments(text: string): string {
  const { count, kinds, ends } = tokenize(text);
  let code = '';
  for (let index = 0, start = 0; index < count; index += 1) {
    const end = ends[index] as number;
    if (kinds[index] !== LINE_COMMENT && kinds[index] !== BLOCK_COMMENT) code += text.slice(start, end);
    start = end;
  }
  return code;
}

const AMOUNTS: ReadonlySet<string> = new Set(['cpus', 'memory', 'time', 'disk']);

function directiveOf(setting: DirectiveSetting): DirectiveValue<unknown> {
  const nothing = AMOUNTS.has(setting.name) && setting.value === null;
  const value = nothing ? undefined : plain(setting.value);
  const [first] = setting.byAttempt;
  const differs = setting.byAttempt.some((one) => one !== first);
  return {
    ...(value === undefined ? {} : { value }),
    ...(differs ? { byAttempt: setting.byAttempt.map((one) => plain(one) ?? null) } : {}),
    text: oneLine(setting.text),
    setBy: setting.setBy,
    source: line(setting.place),
    overrode: setting.overrode.map((one) => ({ text: oneLine(one.text), setBy: one.setBy, source: line(one.place) })),
    ...(setting.unknown === undefined && !nothing ? {} : { unknown: setting.unknown ?? 'set to null: nothing is asked for' }),
  };
}

/** A value as JSON has it; undefined for one that has no such form. */
function plain(value: Value | undefined, depth = 0): unknown {
  if (value === undefined || depth > 8) return undefined;
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof MemoryValue) return value.bytes;
  if (value instanceof DurationValue) return value.ms;
  if (value instanceof PathValue) return shownPath(value.path);
  if (value instanceof ListValue) return value.items.map((item) => plain(item, depth + 1) ?? null);
  if (value instanceof MapValue) return Object.fromEntries([...value.entries].map(([key, item]) => [key, plain(item, depth + 1) ?? null]));
  if (value instanceof ClosureValue) return undefined;
  return textOf(value);
}
