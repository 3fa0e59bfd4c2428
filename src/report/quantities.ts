/** Amounts as people read them. */

import type { Estimate } from './report.ts';

const KIB = 1024;
const MEMORY_UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/** Nextflow's units: 1 GB is 1024³ bytes. */
export function memoryText(bytes: number): string {
  let unit = 0;
  let amount = bytes;
  while (amount >= KIB && unit < MEMORY_UNITS.length - 1) {
    amount /= KIB;
    unit++;
  }
  return `${rounded(amount)} ${MEMORY_UNITS[unit]}`;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `16 h`, `1 h 30 m`, `5 d`: days only where they come out even or hours would be hard to read. */
export function durationText(ms: number): string {
  if (ms < SECOND) return `${rounded(ms)} ms`;
  if (ms < MINUTE) return `${rounded(ms / SECOND)} s`;
  if (ms >= 4 * DAY) return two(ms, DAY, 'd', HOUR, 'h');
  if (ms >= HOUR) return two(ms, HOUR, 'h', MINUTE, 'm');
  return two(ms, MINUTE, 'm', SECOND, 's');
}

/** `1 h 30 m 15 s`: to the second. */
export function exactDuration(seconds: number): string {
  const rest = seconds % 60;
  const whole = seconds - rest;
  if (whole === 0 || rest === 0 || whole < HOUR / SECOND) return durationText(seconds * SECOND);
  return `${durationText(whole * SECOND)} ${durationText(rest * SECOND)}`;
}

function two(ms: number, big: number, bigUnit: string, small: number, smallUnit: string): string {
  const wholes = Math.floor(ms / big);
  const rest = Math.floor((ms % big) / small);
  return rest === 0 ? `${wholes} ${bigUnit}` : `${wholes} ${bigUnit} ${rest} ${smallUnit}`;
}

function rounded(amount: number): string {
  return String(Math.round(amount * 10) / 10);
}

/** `1 call`, `2,165 calls`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Of money and the like: less is no figure that anybody reads. */
const NOTHING = 5e-7;

/** No finer than it can be told: `$212`, `$0.08`, `53 EUR`, `4.2 kWh`. @param finer so many digits more */
export function moneyText(amount: number, unit: string, finer = 0): string {
  if (Math.abs(amount) < NOTHING) return inUnit('0', unit);
  if (amount < 0) return `−${moneyText(-amount, unit, finer)}`;
  return inUnit(figureText(amount, finer), unit);
}

/** The number alone, of what is not below nothing. */
export function figureText(amount: number, finer = 0): string {
  if (amount < NOTHING) return '0';
  if (amount >= 10) return amount.toFixed(finer).replace(/^\d+/, (whole) => countText(Number(whole)));
  return amount >= 1 ? amount.toFixed(1 + finer) : String(Number(amount.toPrecision(2 + finer)));
}

/** What the user gave, as it was given. */
export function givenMoney(amount: number, unit: string): string {
  return inUnit(String(amount), unit);
}

function inUnit(figure: string, unit: string): string {
  return unit === 'USD' ? `$${figure}` : `${figure} ${unit}`;
}

/** Finer than that no figure is known. */
const FINEST = 3;

/** A text for each of several values that are compared: as fine as it takes to see which of them differ. */
export function toldApart(values: readonly number[], textOf: (value: number, finer: number) => string): (value: number) => string {
  const all = [...new Set(values)];
  const finer = Array.from({ length: FINEST }, (_, at) => at).find((at) => new Set(all.map((one) => textOf(one, at))).size === all.length);
  return (value) => textOf(value, finer ?? FINEST);
}

/** `$43 ($6.9 to $103)`; one figure where nothing is left open. */
export function moneyRange({ low, expected, high, unit }: Pick<Estimate, 'low' | 'expected' | 'high' | 'unit'>): string {
  const [from, to] = [moneyText(low, unit), moneyText(high, unit)];
  return from === to ? moneyText(expected, unit) : `${moneyText(expected, unit)} (${from} to ${to})`;
}
