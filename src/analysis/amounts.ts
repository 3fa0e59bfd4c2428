/** Amounts in the sentences of findings, in Nextflow's units: 1 GB is 1024³ bytes. */
import { formatDuration, formatMemory } from '../parser/evaluate/units.ts';

const HOUR_SECONDS = 3600;
const GB = 2 ** 30;

/** `72 GB`, `38.5 GB`. */
export function memoryText(bytes: number): string {
  return formatMemory(Math.round(bytes));
}

/** `1m 30s`, `2h`; above a minute without fractions. */
export function secondsText(seconds: number): string {
  const ms = seconds < 60 ? Math.round(seconds * 10) * 100 : Math.round(seconds) * 1000;
  return formatDuration(ms);
}

/** Bytes times seconds, as `12.3 GB·h`. */
export function gbHours(byteSeconds: number): string {
  return `${figure(byteSeconds / GB / HOUR_SECONDS)} GB·h`;
}

/** Seconds of a cpu, as `4.1 cpu·h`. */
export function cpuHours(cpuSeconds: number): string {
  return `${figure(cpuSeconds / HOUR_SECONDS)} cpu·h`;
}

/** `62 %`, `0.4 %`. */
export function percent(share: number): string {
  return `${figure(share * 100, 2)} %`;
}

/** Two or three digits that mean something: `0.042`, `12.3`, `1,240`. */
export function figure(amount: number, digits = 3): string {
  if (amount === 0) return '0';
  if (Math.abs(amount) >= 10 ** digits) return String(Math.round(amount)).replace(/\B(?=(\d{3})+$)/g, ',');
  return String(Number(amount.toPrecision(digits)));
}
