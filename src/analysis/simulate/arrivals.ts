/** In which order Nextflow makes tasks that could all be made: what comes on a channel goes to all calls that take it, and each call makes several tasks at a time. */
import { nameOf, type Random } from './random.ts';
import type { TaskLinks } from './task-graph.ts';

/** A call makes as many tasks at a time as the machine on which Nextflow runs has cpus (TaskProcessor: `maxForks: session.poolSize`): a guess. */
const AT_A_TIME = 8;

/** For each task its place: the first of each group, then the second, and which of those that are being made is ready first is chance. */
export function arrivalPlaces({ groups, tasks }: TaskLinks, random: Random): Int32Array {
  const places = new Int32Array(tasks);
  const making: number[] = [];
  let place = 0;
  const finishOne = (): void => {
    const at = Math.floor(random.uniform(ARRIVAL, place) * making.length);
    places[making[at] as number] = place;
    making[at] = making[making.length - 1] as number;
    making.pop();
    place += 1;
  };
  let left = groups.filter(({ size }) => size > 0);
  for (let turn = 0; left.length > 0; turn += 1) {
    for (const { first } of left) {
      making.push(first + turn);
      if (making.length > AT_A_TIME) finishOne();
    }
    left = left.filter(({ size }) => size > turn + 1);
  }
  while (making.length > 0) finishOne();
  return places;
}

const ARRIVAL = nameOf('which task is made first');
