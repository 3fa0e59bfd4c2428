/**
 * Text that came from a repository, made safe to show. A terminal obeys escape sequences, and bidirectional controls can
 * make a reader see another name than the one that is there ("Trojan source", CVE-2021-42574): neither may reach a report.
 */

/** CSI and OSC sequences whole, so that `ESC[31m` does not leave `[31m` behind. */
const ESCAPE_SEQUENCES = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b\]|\u009d)[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)/g;
/** C0 (but tab and line feed), DEL, C1, soft hyphen, zero-width and bidirectional controls, line separators, BOM. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
const LONE_SURROGATES = /\p{Surrogate}/gu;
const SPACES = /[\t\n]+/g;

/** Nearly all text: nothing in it to take out. Latin letters, and the signs that a page is made with. */
const HARMLESS = /^[ -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205f\u2190-\u21ff\u2500-\u257f]*$/;

/** One line of harmless text. */
export function printable(text: string): string {
  if (HARMLESS.test(text)) return text;
  return text
    .replace(ESCAPE_SEQUENCES, '')
    .replace(/\r?\n/g, '\n')
    .replace(CONTROLS, '')
    .replace(SPACES, ' ')
    .replace(LONE_SURROGATES, '\ufffd');
}

/** A source line: what is taken out leaves a mark of the same length, so that columns still point where they should. Tabs stay. */
export function printableSource(text: string): string {
  if (HARMLESS.test(text)) return text;
  return text
    .replace(/\r?\n?$/, '')
    .replace(CONTROLS, '\ufffd')
    .replace(/\n/g, ' ')
    .replace(LONE_SURROGATES, '\ufffd');
}

/** A JSON-safe value with every string (and key) in it made printable; the lines of an `excerpt` as source. */
export function printableValue<T>(value: T): T {
  return clean(value, false) as T;
}

/** What needs no cleaning is given back as it is: a report is large, and hardly ever hostile. */
function clean(value: unknown, source: boolean): unknown {
  if (typeof value === 'string') return source ? printableSource(value) : printable(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => clean(item, source));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  const object = value as Record<string, unknown>;
  let changed: Record<string, unknown> | undefined;
  for (const key of Object.keys(object)) {
    const item = clean(object[key], source || key === 'excerpt');
    if (item === object[key] && HARMLESS.test(key)) continue;
    changed ??= Object.fromEntries(Object.entries(object).map(([name, one]) => [printable(name), one]));
    changed[printable(key)] = item;
  }
  return changed ?? object;
}
