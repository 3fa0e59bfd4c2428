/** What strings say: quotes taken off, escapes resolved. */

const BACKSLASH = 92;

/** The value of the string without interpolation whose quotes and text fill `start` to `end`. */
export function stringValue(text: string, start: number, end: number): string {
  const quotes = text.charCodeAt(start);
  if (quotes === 36) return textValue(text, start + 2, end - 2, quotes, true);
  const triple = quotes !== 47 && end - start >= 6 && text.charCodeAt(start + 1) === quotes && text.charCodeAt(start + 2) === quotes;
  return triple ? textValue(text, start + 3, end - 3, quotes, true) : textValue(text, start + 1, end - 1, quotes, false);
}

/**
 * The value of text inside a string that was opened by `quotes` (the code of `'`, `"`, `/` or `$`). Strings that may span
 * lines lose their carriage returns.
 */
export function textValue(text: string, start: number, end: number, quotes: number, triple: boolean): string {
  const raw = text.slice(start, end);
  if (quotes === 39 || quotes === 34) {
    const value = raw.includes('\\') ? resolved(raw) : raw;
    return triple && value.includes('\r') ? value.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : value;
  }
  const value = raw.includes('\r') ? raw.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : raw;
  if (quotes === 47) return value.includes('\\/') ? value.replaceAll('\\/', '/') : value;
  return value.includes('$') ? value.replace(/\$([$/])/g, '$1') : value;
}

/** escape := '\' ([btnfrs'"\$] | lineEnd | 'u'+ hex4 | octal{1,3}); any other backslash stays. */
function resolved(raw: string): string {
  let value = '';
  let from = 0;
  for (let at = raw.indexOf('\\'); at >= 0; at = raw.indexOf('\\', from)) {
    value += raw.slice(from, at);
    const code = raw.charCodeAt(at + 1);
    from = at + 2;
    switch (code) {
      case 98:
        value += '\b';
        break;
      case 116:
        value += '\t';
        break;
      case 110:
        value += '\n';
        break;
      case 102:
        value += '\f';
        break;
      case 114:
        value += '\r';
        break;
      case 115:
        value += ' ';
        break;
      case 34:
      case 36:
      case 39:
      case BACKSLASH:
        value += raw[at + 1];
        break;
      case 10:
        break;
      case 13:
        if (raw.charCodeAt(at + 2) === 10) from++;
        break;
      case 117: {
        let digits = at + 2;
        while (raw.charCodeAt(digits) === 117) digits++;
        const hex = raw.slice(digits, digits + 4);
        if (/^[0-9a-fA-F]{4}$/.test(hex)) {
          value += String.fromCharCode(Number.parseInt(hex, 16));
          from = digits + 4;
        } else value += '\\u';
        break;
      }
      default:
        if (code >= 48 && code <= 55) {
          let octal = at + 2;
          const most = code <= 51 ? at + 4 : at + 3;
          while (octal < most && raw.charCodeAt(octal) >= 48 && raw.charCodeAt(octal) <= 55) octal++;
          value += String.fromCharCode(Number.parseInt(raw.slice(at + 1, octal), 8));
          from = octal;
        } else {
          value += '\\';
          from = at + 1;
        }
    }
  }
  return value + raw.slice(from);
}

/**
 * Where the first escape is that no Nextflow takes: in single quotes only, since strict takes any in double quotes. -1 for
 * none.
 */
export function unknownEscape(text: string, start: number, end: number): number {
  if (text.charCodeAt(start) !== 39) return -1;
  const raw = text.slice(start, end);
  for (let at = raw.indexOf('\\'); at >= 0; at = raw.indexOf('\\', at + 2)) {
    const next = raw.charCodeAt(at + 1);
    const known =
      next === BACKSLASH ||
      next === 39 ||
      next === 34 ||
      next === 36 ||
      next === 10 ||
      next === 13 ||
      (next >= 48 && next <= 55) ||
      next === 110 ||
      next === 116 ||
      next === 114 ||
      next === 98 ||
      next === 102 ||
      next === 115 ||
      next === 117;
    if (!known) return start + at;
  }
  return -1;
}
