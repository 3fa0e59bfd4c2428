/**
 * Numbers as traces have them, raw (`trace.raw`: milliseconds, bytes) or for people (`1h 3m 20s`, `815.2 MB`, `97.2%`), as nextflow.trace.TraceRecord writes them.
 * Nextflow's MB are powers of 1024.
 */

export interface Quantity {
  readonly value: number;
  /** As written: without a unit, with one, or with a decimal comma (which says in which locale it was made). */
  readonly bare: boolean;
  readonly comma: boolean;
}

export type ReadQuantity = (text: string) => Quantity | undefined;

/** What is written where there is nothing; `null` in reports of 0.25, empty in tables that another program made. */
export function isMissing(text: string): boolean {
  return text === '-' || text === '' || text === 'null';
}

/** The same for numbers, with what other programs write. A tag may well be `NA`. */
export function isNoNumber(text: string): boolean {
  return isMissing(text) || text === 'NA' || text === 'nan' || text === 'NaN' || text === 'None';
}

function bare(value: number): Quantity {
  return { value, bare: true, comma: false };
}

const WHOLE = /^-?\d{1,19}(?:\.0+)?$/;
/** A comma with one or two digits behind it parts no thousands; one with three may, so it is not read. */
const DECIMAL = /^\d+(?:\.\d+|,\d\d?)?$/;

function decimal(text: string): { value: number; comma: boolean } | undefined {
  if (!DECIMAL.test(text)) return undefined;
  const comma = text.includes(',');
  return { value: Number(comma ? text.replace(',', '.') : text), comma };
}

/** Tables that went through other programs have `2.0` for 2. */
export function readWhole(text: string): Quantity | undefined {
  return WHOLE.test(text) ? bare(Number(text)) : undefined;
}

const POWER = /^\d(?:\.\d+)?e[+-]?\d{1,3}$/i;

/** Tables that went through other programs have `1.4e-05`. */
export function readDecimal(text: string): Quantity | undefined {
  const number = decimal(text);
  if (number !== undefined) return { ...number, bare: true };
  return POWER.test(text) ? bare(Number(text)) : undefined;
}

/** Of one core: `97.2%`, raw `97.2`. */
export function readPercent(text: string): Quantity | undefined {
  if (!text.endsWith('%')) return readDecimal(text);
  const number = decimal(text.slice(0, -1).trim());
  return number === undefined ? undefined : { ...number, bare: false };
}

const LENGTHS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const LENGTH = /\s*(\d+(?:[.,]\d+)?)\s*(ms|s|m|h|d)(?=[\s\d]|$)/y;

/** Milliseconds. */
export function readLength(text: string): Quantity | undefined {
  if (WHOLE.test(text)) return bare(Number(text));
  let value = 0;
  let comma = false;
  LENGTH.lastIndex = 0;
  for (let at = 0; at < text.length; at = LENGTH.lastIndex) {
    const [, amount, unit] = LENGTH.exec(text) ?? [];
    const number = amount === undefined ? undefined : decimal(amount);
    if (number === undefined) return undefined;
    value += number.value * (LENGTHS[unit as string] as number);
    comma ||= number.comma;
  }
  return { value: Math.round(value), bare: false, comma };
}

const SIZE = /^(\d+(?:[.,]\d+)?)\s*([KMGTPE]?)i?B$/i;
const POWERS = ['', 'K', 'M', 'G', 'T', 'P', 'E'];

/** Bytes. */
export function readSize(text: string): Quantity | undefined {
  if (WHOLE.test(text)) return bare(Number(text));
  const [, amount, unit] = SIZE.exec(text) ?? [];
  const number = amount === undefined ? undefined : decimal(amount);
  if (number === undefined) return undefined;
  const power = POWERS.indexOf((unit as string).toUpperCase());
  return { value: Math.round(number.value * 1024 ** power), bare: false, comma: number.comma };
}

const MOMENT = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))?$/;

/** Milliseconds since 1970; where no zone is named, as if it were UTC: only differences are asked for. */
export function readMoment(text: string): Quantity | undefined {
  if (WHOLE.test(text)) return bare(Number(text));
  const match = MOMENT.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return undefined;
  const fraction = match[7] === undefined ? 0 : Math.round(Number(`0.${match[7]}`) * 1000);
  const offset = match[8] === undefined ? 0 : (match[8] === '-' ? -1 : 1) * (Number(match[9]) * 60 + Number(match[10]));
  return { value: Date.UTC(year, month - 1, day, hour, minute, second) + fraction - offset * 60_000, bare: false, comma: false };
}
