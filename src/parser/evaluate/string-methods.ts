/** Groovy's methods of strings and matchers, as far as pipelines use them. Not known here: `undefined`. */

import { textOf } from './conversions.ts';
import { collect, listMethod } from './list-methods.ts';
import { boundedRegExp, matchesWhole } from './pattern.ts';
import { type CallSite, ClosureValue, ListValue, type MatcherValue, PatternValue, UnknownValue, type Value } from './value.ts';

export function stringMethod(text: string, name: string, args: readonly Value[], site: CallSite): Value | undefined {
  const [first, second] = args;
  switch (name) {
    case 'size':
    case 'length':
      return text.length;
    case 'toLowerCase':
      return text.toLowerCase();
    case 'toUpperCase':
      return text.toUpperCase();
    case 'name':
      // Of an enum's constant, which is its text here.
      return text;
    case 'capitalize':
      return text.charAt(0).toUpperCase() + text.slice(1);
    case 'uncapitalize':
      return text.charAt(0).toLowerCase() + text.slice(1);
    case 'trim':
    case 'strip':
      return text.trim();
    case 'isEmpty':
      return text === '';
    case 'isBlank':
      return text.trim() === '';
    case 'reverse':
      return [...text].reverse().join('');
    case 'stripIndent':
      return withoutIndent(text);
    case 'stripMargin':
      return text.replace(/^[ \t]*\|/gm, '');
    case 'intern':
    case 'normalize':
    case 'denormalize':
      return text;
    case 'isNumber':
    case 'isInteger':
    case 'isLong':
    case 'isDouble':
    case 'isBigDecimal':
    case 'isFloat': {
      const trimmed = text.trim();
      return trimmed !== '' && (name === 'isInteger' || name === 'isLong' ? /^[+-]?\d+$/.test(trimmed) : Number.isFinite(Number(trimmed)));
    }
    case 'toInteger':
    case 'toLong':
    case 'toBigInteger':
      return /^[+-]?\d+$/.test(text.trim()) ? Number(text) : undefined;
    case 'toDouble':
    case 'toFloat':
    case 'toBigDecimal':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'toBoolean':
      return /^(true|y|1)$/i.test(text.trim());
    case 'readLines':
    case 'lines':
      return new ListValue(text.split(/\r?\n/));
    case 'eachLine':
      return first instanceof ClosureValue ? collect(new ListValue(text.split(/\r?\n/)), first, site) : undefined;
    case 'toList':
    case 'collect':
      return name === 'collect' && first instanceof ClosureValue
        ? collect(new ListValue([...text]), first, site)
        : new ListValue([...text]);
    case 'contains':
    case 'startsWith':
    case 'endsWith':
    case 'equalsIgnoreCase':
    case 'indexOf':
    case 'lastIndexOf':
    case 'count':
    case 'concat': {
      const other = first === undefined ? undefined : textOf(first);
      if (other === undefined) return new UnknownValue('an unknown string');
      if (name === 'contains') return text.includes(other);
      if (name === 'startsWith') return text.startsWith(other);
      if (name === 'endsWith') return text.endsWith(other);
      if (name === 'equalsIgnoreCase') return text.toLowerCase() === other.toLowerCase();
      if (name === 'indexOf') return text.indexOf(other);
      if (name === 'lastIndexOf') return text.lastIndexOf(other);
      return name === 'concat' ? text + other : other === '' ? 0 : text.split(other).length - 1;
    }
    case 'substring':
    case 'subSequence':
      return typeof first === 'number' ? text.substring(first, typeof second === 'number' ? second : text.length) : undefined;
    case 'take':
      return typeof first === 'number' ? text.slice(0, first) : undefined;
    case 'drop':
      return typeof first === 'number' ? text.slice(first) : undefined;
    case 'charAt':
      return typeof first === 'number' ? text.charAt(first) : undefined;
    case 'getAt':
      if (typeof first === 'number') return text.at(first) ?? null;
      if (first instanceof ListValue && first.items.every((item) => typeof item === 'number')) {
        return first.items.map((item) => text.at(item as number) ?? '').join('');
      }
      return undefined;
    case 'padLeft':
      return typeof first === 'number' && first < 10_000 ? text.padStart(first, typeof second === 'string' ? second : ' ') : undefined;
    case 'padRight':
      return typeof first === 'number' && first < 10_000 ? text.padEnd(first, typeof second === 'string' ? second : ' ') : undefined;
    case 'multiply':
      return typeof first === 'number' && first * text.length < 100_000 ? text.repeat(first) : undefined;
    case 'tokenize': {
      const separators = first === undefined ? ' \t\n\r\f' : typeof first === 'string' ? first : undefined;
      if (separators === undefined) return undefined;
      const parts: Value[] = [];
      let part = '';
      for (const character of text) {
        if (!separators.includes(character)) part += character;
        else if (part !== '') {
          parts.push(part);
          part = '';
        }
      }
      if (part !== '') parts.push(part);
      return new ListValue(parts);
    }
    case 'split': {
      if (first === undefined) return new ListValue(text.trim().split(/\s+/));
      const source = patternSource(first);
      const pattern = source === undefined ? undefined : boundedRegExp(source, text, site.interpreter);
      if (pattern === undefined) return undefined;
      const parts = splitUpTo(text, pattern, typeof second === 'number' && second > 0 ? second : Number.POSITIVE_INFINITY);
      while (!(typeof second === 'number') && parts.length > 1 && parts.at(-1) === '') parts.pop();
      return new ListValue(parts);
    }
    case 'replace': {
      const [from, to] = [first === undefined ? undefined : textOf(first), second === undefined ? undefined : textOf(second)];
      return from === undefined || to === undefined || from === '' ? undefined : text.split(from).join(to);
    }
    case 'replaceAll':
    case 'replaceFirst':
    case 'minus': {
      if (first === undefined) return undefined;
      if (name === 'minus' && typeof first === 'string') return text.replace(first, () => '');
      const source = patternSource(first);
      const pattern = source === undefined ? undefined : boundedRegExp(source, text, site.interpreter, name === 'replaceAll' ? 'g' : '');
      if (pattern === undefined) return undefined;
      if (second instanceof ClosureValue) return replacedBy(text, pattern, second, site);
      const to = second === undefined ? '' : textOf(second);
      if (to === undefined) return undefined;
      return text.replace(pattern, to.replace(/\\(.)/g, '$1'));
    }
    case 'matches': {
      const source = first === undefined ? undefined : patternSource(first);
      return source === undefined ? undefined : matchesWhole(source, text, site.interpreter);
    }
    case 'find':
    case 'findAll': {
      const source = first === undefined ? undefined : patternSource(first);
      const pattern = source === undefined ? undefined : boundedRegExp(source, text, site.interpreter);
      if (pattern === undefined) return undefined;
      const found = [...text.matchAll(pattern)];
      if (name === 'findAll') return new ListValue(found.map((match) => match[0]));
      const [match] = found;
      return match === undefined
        ? null
        : new ListValue([match.length === 1 ? match[0] : new ListValue(match.map((group) => group ?? null))]);
    }
    case 'each':
    case 'any':
    case 'every':
    case 'inject':
      return listMethod(new ListValue([...text]), name, args, site);
    case 'execute':
      return new UnknownValue('what a command prints');
    case 'asType':
      return text;
  }
  return undefined;
}

/** Takes from each line the indent that all lines have that are not blank. */
function withoutIndent(text: string): string {
  const lines = text.split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const indent = indents.length === 0 ? 0 : Math.min(...indents);
  return lines.map((line) => line.slice(Math.min(indent, line.length - line.trimStart().length))).join('\n');
}

export function matcherMethod(matcher: MatcherValue, name: string, args: readonly Value[], site: CallSite): Value | undefined {
  const [first] = args;
  const groups = (match: readonly Value[]): Value => (match.length === 1 ? (match[0] as Value) : new ListValue([...match]));
  switch (name) {
    case 'matches':
      return stringMethod(matcher.text, 'matches', [new PatternValue(matcher.source)], site);
    case 'find':
      return matcher.found.length > 0;
    case 'getCount':
    case 'size':
    case 'count':
      return matcher.found.length;
    case 'groupCount':
      return (matcher.found[0]?.length ?? 1) - 1;
    case 'group':
      return typeof first === 'number' || first === undefined ? (matcher.found[0]?.[first ?? 0] ?? null) : undefined;
    case 'getAt':
      if (typeof first === 'number') return groups(matcher.found.at(first) ?? []);
      return undefined;
    default:
      return listMethod(new ListValue(matcher.found.map(groups)), name, args, site);
  }
}

/** Java's `split(pattern, limit)`: the last part keeps what is left. */
function splitUpTo(text: string, pattern: RegExp, limit: number): string[] {
  if (limit === Number.POSITIVE_INFINITY) return text.split(pattern);
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    if (parts.length >= limit - 1) break;
    if (match[0] === '') continue;
    parts.push(text.slice(from, match.index));
    from = match.index + match[0].length;
  }
  return [...parts, text.slice(from)];
}

/** `replaceAll(/…/) { match -> … }`: the closure is given the match, or the match and its groups. */
function replacedBy(text: string, pattern: RegExp, closure: ClosureValue, site: CallSite): Value | undefined {
  let known = true;
  const replaced = text.replace(pattern, (...match: unknown[]) => {
    const groups = match.slice(
      0,
      match.findIndex((part) => typeof part === 'number'),
    ) as (string | undefined)[];
    const given = groups.length === 1 ? (groups[0] ?? null) : new ListValue(groups.map((group) => group ?? null));
    const part = textOf(site.interpreter.callClosure(closure, [given]));
    if (part === undefined) known = false;
    return part ?? '';
  });
  return known ? replaced : undefined;
}

function patternSource(value: Value): string | undefined {
  return value instanceof PatternValue ? value.source : typeof value === 'string' ? value : undefined;
}
