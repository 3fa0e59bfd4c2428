/** In which order Nextflow makes tasks that could all be made: what comes on a channel goes to all calls that take it, and each call makes several tasks at a time. */
import { nameOf, type Random } from './random.ts';
import type { TaskLinks } from './task-graph.ts';

/** A call makes as many tasks at a time as the machine on which Nextflow runs has cpus (TaskProcessor: `maxForks: session.poolSize`): a guess. */
const AT_A_TIME = 8;
/** A call begins later than another by so many turns at most: of two that take the same channel, one was behind ten and more tasks of the other in 4 of 12 runs of fixtures/capacities. */
const LATE_BY = 24;

/**
 * For each task its place: calls take turns, but begin at different times, and which of those that are being made is ready first is chance.
 */
export function arrivalPlaces({ groups, tasks }: TaskLinks, random: Random): Int32Array {
  const places = new Int32Array(tasks);
  const making: number[] = [];
  let place = 0;
  const finishOne = (): void => {
    const at = Math.floor(random.uniform(READY, place) * making.length);
    places[making[at] as number] = place;
    making[at] = making[making.length - 1] as number;
    making.pop();
    place += 1;
  };
  let left = groups.map(({ first, size }, group) => ({ first, size, late: Math.floor(random.uniform(LATE, group) * LATE_BY) }));
  for (let turn = 0; left.length > 0; turn += 1) {
    left = left.filter(({ size, late }) => turn < late + size);
    for (const { first, late } of left) {
      if (turn < late) continue;
      making.push(first + turn - late);
      if (making.length > AT_A_TIME) finishOne();
    }
  }
  while (making.length > 0) finishOne();
  return places;
}

const READY = nameOf('which task is made first');
const LATE = nameOf('when a call begins to make tasks');
