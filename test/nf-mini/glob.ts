/** Globs over the names of a world's files. */
import { PathValue, type Value } from './values.ts';

const SPECIAL = /[*?{[]/;

/** A plain path is itself, whether or not it is there. */
export function matching(names: readonly string[], pattern: string): string[] {
  if (!SPECIAL.test(pattern)) return [pattern];
  const wanted = toPattern(pattern);
  return names.filter((name) => wanted.test(name));
}

function toPattern(glob: string): RegExp {
  let text = '';
  let depth = 0;
  for (let at = 0; at < glob.length; at++) {
    const char = glob[at]!;
    if (char === '*' && glob[at + 1] === '*') {
      text += '.*';
      at += glob[at + 2] === '/' ? 2 : 1;
    } else if (char === '*') text += '[^/]*';
    else if (char === '?') text += '[^/]';
    else if (char === '{') {
      text += '(?:';
      depth++;
    } else if (char === '}') {
      text += ')';
      depth--;
    } else if (char === ',' && depth > 0) text += '|';
    else text += /[.+^$()|\\]/.test(char) ? `\\${char}` : char;
  }
  return new RegExp(`^${text}$`);
}

/** Groups of files by what the wildcards of the pattern stand for (Channel.fromFilePairs); groups that fall short of their size are dropped. */
export function filePairs(
  names: readonly string[],
  patterns: readonly string[],
  size: number | undefined,
  keyOf: ((path: PathValue) => Value) | undefined,
): (readonly [Value, PathValue[]])[] {
  const found: (readonly [Value, PathValue[]])[] = [];
  for (const pattern of patterns) {
    const groups = new Map<string, { readonly key: Value; readonly files: PathValue[] }>();
    for (const name of matching(names, pattern)) {
      const path = new PathValue(name, name);
      const key = keyOf?.(path) ?? prefixOf(path.name, pattern);
      const text = String(key);
      const group = groups.get(text);
      if (group === undefined) groups.set(text, { key, files: [path] });
      else group.files.push(path);
    }
    const wanted = size ?? (SPECIAL.test(pattern) ? 2 : 1);
    for (const { key, files } of groups.values()) if (wanted === -1 || files.length === wanted) found.push([key, files]);
  }
  return found;
}

/** Channel.readPrefix. */
function prefixOf(name: string, template: string): string {
  let pattern = template.slice(template.lastIndexOf('/') + 1);
  if (!/[*?]/.test(pattern)) pattern = `*${pattern}`;
  const source = pattern
    .replaceAll('.', '\\.')
    .replaceAll('*', '(.*)')
    .replaceAll('?', '(.?)')
    .replaceAll('{', '(?:')
    .replaceAll('}', ')')
    .replaceAll(',', '|');
  const match = new RegExp(`^${source}$`, 'd').exec(name);
  const end = match?.indices?.at(-1)?.[1] ?? name.length;
  return name.slice(0, end).replace(/[-_.]+$/, '');
}
