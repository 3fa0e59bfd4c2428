/** Time against money: which of several ways nobody would take, and which few stand for all. */

export interface TimeCost {
  readonly ms: number;
  /** In any unit that all share. */
  readonly cost: number;
}

/** Those than which no other is both faster and cheaper, the fastest first; of equals one. @param within what differs by this share is equal */
export function frontOf<T extends TimeCost>(all: Iterable<T>, within = 0): T[] {
  const front: T[] = [];
  for (const one of [...all].sort((a, b) => a.ms - b.ms || a.cost - b.cost)) {
    const last = front.at(-1);
    if (last !== undefined && one.cost >= last.cost * (1 - within)) continue;
    // Hardly slower and cheaper: it stands for both.
    if (last !== undefined && within > 0 && one.ms <= last.ms * (1 + within)) front.pop();
    front.push(one);
  }
  return front;
}

/**
 * At most so many of a front: again and again the one goes without which the least area is lost between the front and its corner. The ends stay, and
 * what `keeps` names.
 */
export function thinned<T extends TimeCost>(front: readonly T[], most: number, keeps: (one: T) => boolean = () => false): T[] {
  const left = [...front];
  while (left.length > most) {
    let [least, at] = [Number.POSITIVE_INFINITY, -1];
    for (let index = 1; index < left.length - 1; index += 1) {
      const [before, one, after] = left.slice(index - 1, index + 2) as [T, T, T];
      const lost = (after.ms - one.ms) * (before.cost - one.cost);
      if (lost < least && !keeps(one)) [least, at] = [lost, index];
    }
    if (at === -1) break;
    left.splice(at, 1);
  }
  return left;
}

/** The corners of the lower convex hull, the fastest first: mixtures of two ways are no better than these. */
export function hullOf<T extends TimeCost>(all: Iterable<T>): T[] {
  const hull: T[] = [];
  for (const one of frontOf(all)) {
    while (hull.length >= 2 && !isBelow(hull.at(-2) as T, hull.at(-1) as T, one)) hull.pop();
    hull.push(one);
  }
  return hull;
}

function isBelow(before: TimeCost, one: TimeCost, after: TimeCost): boolean {
  return (one.cost - before.cost) * (after.ms - before.ms) < (after.cost - before.cost) * (one.ms - before.ms);
}
