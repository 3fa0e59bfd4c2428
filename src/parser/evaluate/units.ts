/** Nextflow's memory and duration units: `8.GB`, `'8 GB'`, `1.h`, `'1d 12h'`, `'24:00:00'` (language.md 1.4). */
import { DurationValue, MemoryValue, type Value } from './value.ts';

const DURATION_UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  milli: 1,
  millis: 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
};
const MEMORY_POWERS: Readonly<Record<string, number>> = { B: 0, KB: 1, MB: 2, GB: 3, TB: 4, PB: 5, EB: 6, ZB: 7 };

/** `8.GB` and `2.Hours`: a property read on a number. The name is looked up among durations first. */
export function unitOfNumber(amount: number, unit: string): MemoryValue | DurationValue | undefined {
  const lower = unit.toLowerCase();
  if (Object.hasOwn(DURATION_UNITS, lower)) return new DurationValue(Math.round(amount * (DURATION_UNITS[lower] as number)));
  const upper = unit.toUpperCase();
  if (Object.hasOwn(MEMORY_POWERS, upper)) return new MemoryValue(Math.floor(amount * 1024 ** (MEMORY_POWERS[upper] as number)));
  return undefined;
}

/** `'8 GB'`, `'8.GB'`, `'8G'`, `'8g'`, `'512'` (bytes). Only the first unit letter may be lower-case. */
function parseMemory(text: string): MemoryValue | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)[\s.]*([kKmMgGtTpPeEzZ]?)(B?)\s*$/.exec(text);
  if (match === null) return undefined;
  const amount = Number(match[1]);
  const letter = (match[2] as string).toUpperCase();
  return new MemoryValue(Math.floor(amount * 1024 ** (MEMORY_POWERS[`${letter}B`] as number)));
}

/** One or more `number unit` pairs, or `h:mm:ss`; a bare number is milliseconds. */
function parseDuration(text: string): DurationValue | undefined {
  const trimmed = text.trim();
  if (/^\d+$/.test(trimmed)) return new DurationValue(Number(trimmed));
  const clock = /^(\d+):(\d{1,2}):(\d{1,2})$/.exec(trimmed);
  if (clock !== null) return new DurationValue((Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3])) * 1000);
  let total = 0;
  let at = 0;
  const pair = /\s*(\d+(?:\.\d+)?)[\s.]*([a-zA-Z]+)\s*/y;
  while (at < trimmed.length) {
    pair.lastIndex = at;
    const match = pair.exec(trimmed);
    if (match === null || !Object.hasOwn(DURATION_UNITS, match[2] as string)) return undefined;
    total += Number(match[1]) * (DURATION_UNITS[match[2] as string] as number);
    at = pair.lastIndex;
  }
  return trimmed === '' ? undefined : new DurationValue(Math.round(total));
}

/** A memory size, however it is spelt; a bare number is of bytes. Undefined for what Nextflow would refuse. */
export function memoryFrom(value: Value): MemoryValue | undefined {
  if (value instanceof MemoryValue) return value;
  if (typeof value === 'number') return new MemoryValue(value);
  return typeof value === 'string' ? parseMemory(value) : undefined;
}

/** A duration, however it is spelt; a bare number is of milliseconds. Undefined for what Nextflow would refuse. */
export function durationFrom(value: Value): DurationValue | undefined {
  if (value instanceof DurationValue) return value;
  if (typeof value === 'number') return new DurationValue(value);
  return typeof value === 'string' ? parseDuration(value) : undefined;
}

/** As Nextflow prints it: at most one decimal, `0` for zero. */
export function formatMemory(bytes: number): string {
  if (bytes === 0) return '0';
  const names = ['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB'];
  let power = 0;
  let amount = bytes;
  while (amount >= 1024 && power < names.length - 1) {
    amount /= 1024;
    power += 1;
  }
  return `${Math.round(amount * 10) / 10} ${names[power]}`;
}

/** As Nextflow prints it: `350ms`, `5.3s`, then `1d 2h 3m 4s` without zero parts. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${ms}ms`;
  if (ms < 60_000) return `${Math.round(ms / 100) / 10}s`;
  const seconds = Math.round(ms / 1000);
  const parts: string[] = [];
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (days > 0) parts.push(`${days}d`);
  if (hours > 0) parts.push(`${hours}h`);
  if (minutes > 0) parts.push(`${minutes}m`);
  if (seconds % 60 > 0) parts.push(`${seconds % 60}s`);
  return parts.join(' ');
}
