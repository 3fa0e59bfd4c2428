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

/** One line of harmless text. */
export function printable(text: string): string {
  return text
    .replace(ESCAPE_SEQUENCES, '')
    .replace(/\r?\n/g, '\n')
    .replace(CONTROLS, '')
    .replace(SPACES, ' ')
    .replace(LONE_SURROGATES, '\ufffd');
}

/** A source line: what is taken out leaves a mark of the same length, so that columns still point where they should. Tabs stay. */
export function printableSource(text: string): string {
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

function clean(value: unknown, source: boolean): unknown {
  if (typeof value === 'string') return source ? printableSource(value) : printable(value);
  if (Array.isArray(value)) return value.map((item) => clean(item, source));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [printable(key), clean(item, source || key === 'excerpt')]));
}
