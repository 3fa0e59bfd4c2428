/** Which machines hold what waits: worth is what tasks would cost at their cheapest, for each dollar of the machine that takes them. */
import type { MachineType } from './elastic-fleet.ts';
import type { Request, Waiting } from './platform.ts';
import { milli } from './room.ts';

/** With the memory that tasks can have, which is less than its nominal size. */
export interface InstanceType extends MachineType {
  /** By which it is chosen. */
  readonly usdPerHour: number;
}

/** Tasks that wait and ask for the same. */
export interface Lot {
  readonly request: Request;
  left: number;
  /** The least that one costs in an hour, as its share of a machine. */
  readonly usdPerHour: number;
}

/** Of what costs nothing a share is nothing, too, and no machine would be worth more than another: as little as never matters. */
const FREE = 1e-12;

function priceOf({ usdPerHour }: InstanceType): number {
  return Math.max(usdPerHour, FREE);
}

export function lotOf(types: readonly InstanceType[], { request, count }: Waiting): Lot {
  const { cpus, memoryBytes, accelerators = 0 } = request;
  const shareOf = (type: InstanceType): number =>
    Math.max(cpus / type.cpus, memoryBytes / type.memoryBytes, accelerators === 0 ? 0 : accelerators / (type.accelerators ?? 0));
  return { request, left: count, usdPerHour: Math.min(...types.map((type) => priceOf(type) * shareOf(type))) };
}

/** Of those that are worth so much of the best, the largest; all hold the first lot. undefined: none does. */
export function typeFor(types: readonly InstanceType[], lots: readonly Lot[], worthOfBest: number): InstanceType | undefined {
  const [first] = lots as readonly [Lot];
  const fit = types
    .filter((type) => countIn(type, first.request) > 0)
    .map((type) => {
      const machine = { ...type };
      const worth = lots.reduce((sum, { request, left, usdPerHour }) => sum + takeFrom(machine, request, left) * usdPerHour, 0);
      return { type, worth: worth / priceOf(type) };
    });
  const best = Math.max(...fit.map(({ worth }) => worth));
  const good = fit.filter(({ worth }) => worth >= worthOfBest * best);
  return good.reduce<(typeof good)[number] | undefined>(
    (one, two) =>
      one === undefined || two.type.cpus > one.type.cpus || (two.type.cpus === one.type.cpus && two.worth > one.worth) ? two : one,
    undefined,
  )?.type;
}

/** Cpus of the machines that hold all that waits at once, and are fullest. What none holds is left out. */
export function cpusHolding(types: readonly InstanceType[], waiting: readonly Waiting[]): number {
  const lots = waiting.map((one) => lotOf(types, one));
  let cpus = 0;
  for (const [at, lot] of lots.entries())
    while (lot.left > 0) {
      const type = typeFor(types, lots.slice(at), BEST);
      if (type === undefined) break;
      const machine = { ...type };
      for (const one of lots.slice(at)) one.left -= takeFrom(machine, one.request, one.left);
      cpus += type.cpus;
    }
  return cpus;
}

/** But for what rounding does. */
const BEST = 1 - 1e-9;

export function countIn({ cpus, memoryBytes, accelerators = 0 }: Omit<MachineType, 'name'>, request: Request): number {
  return Math.min(
    request.cpus > 0 ? Math.floor(milli(cpus) / milli(request.cpus)) : Number.MAX_SAFE_INTEGER,
    request.memoryBytes > 0 ? Math.floor(memoryBytes / request.memoryBytes) : Number.MAX_SAFE_INTEGER,
    (request.accelerators ?? 0) > 0 ? Math.floor(accelerators / (request.accelerators as number)) : Number.MAX_SAFE_INTEGER,
  );
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Puts up to so many on a machine that is only planned. @returns how many fit */
export function takeFrom(machine: Writable<MachineType>, request: Request, most: number): number {
  const count = Math.min(most, countIn(machine, request));
  machine.cpus -= count * request.cpus;
  machine.memoryBytes -= count * request.memoryBytes;
  if (machine.accelerators !== undefined) machine.accelerators -= count * (request.accelerators ?? 0);
  return count;
}
