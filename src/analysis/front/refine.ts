/** Ways of running a pipeline, each a choice for each of several questions, held against one another by something that is dear to ask: a simulation. */
import { Random } from '../simulate/random.ts';
import { frontOf, type TimeCost } from './pareto.ts';

/** By question, which of its answers. */
export type Way = readonly number[];

export interface Tried extends TimeCost {
  readonly way: Way;
}

/** undefined: such a run does not come to its end. */
export type Trial = (way: Way) => TimeCost | undefined;

export interface RefineOptions {
  /** By question, how many answers it has. */
  readonly answers: readonly number[];
  /** Ways that are tried at most. */
  readonly most: number;
  /** Nothing more should be tried. */
  readonly isSpent: () => boolean;
  /** A trial that is less dear and says less: who is behind one of the best by more than this share there is not tried. */
  readonly glance: Trial;
  readonly behind: number;
}

/** So often in a row a step may come to what is known: then there is little else. */
const MOST_IDLE = 200;

/** The best of some ways, and of what random steps from these come to: one answer changed at a time, or two, which together may do what neither does alone. */
export function refined(start: readonly Way[], trial: Trial, { answers, most, isSpent, glance, behind }: RefineOptions): Tried[] {
  interface Known extends Tried {
    readonly looks: TimeCost;
  }
  const seen = new Set<string>();
  let front: Known[] = [];
  const open = answers.flatMap((count, question) => (count > 1 ? [question] : []));
  const random = new Random(0);
  const tryOut = (way: Way): void => {
    seen.add(way.join());
    const looks = glance(way);
    if (looks === undefined) return;
    const share = 1 + behind;
    if (front.some((one) => one.looks.ms * share < looks.ms && one.looks.cost * share < looks.cost)) return;
    const found = trial(way);
    if (found !== undefined) front = frontOf([...front, { ...found, way, looks }]);
  };
  for (const way of start) if (!isSpent() && !seen.has(way.join())) tryOut(way);
  let idle = 0;
  for (let draws = 0; seen.size < most && idle < MOST_IDLE && front.length > 0 && open.length > 0 && !isSpent(); draws += 1) {
    const draw = (name: number, count: number): number => Math.floor(random.uniform(name, draws) * count);
    let next = (front[draw(0, front.length)] as Known).way;
    for (let change = draw(1, 2); change >= 0; change -= 1) {
      const question = open[draw(2 + change, open.length)] as number;
      next = next.with(question, draw(4 + change, answers[question] as number));
    }
    idle += 1;
    if (seen.has(next.join())) continue;
    idle = 0;
    tryOut(next);
  }
  return front;
}

/** As few changes of `from` as do what all of them together do: halves of them are taken back, and halves of halves. @param within more time or cost than this share is not the same */
export function simplest(one: Tried, from: Way, trial: Trial, within: number): Tried {
  let best = one;
  const takeBack = (questions: readonly number[]): void => {
    if (questions.length === 0) return;
    const way = best.way.map((answer, question) => (questions.includes(question) ? (from[question] as number) : answer));
    const found = trial(way);
    if (found !== undefined && found.ms <= one.ms * (1 + within) && found.cost <= one.cost * (1 + within)) {
      best = { ...found, way };
      return;
    }
    if (questions.length === 1) return;
    const half = questions.length >> 1;
    takeBack(questions.slice(0, half));
    takeBack(questions.slice(half));
  };
  takeBack(one.way.flatMap((answer, question) => (answer === from[question] ? [] : [question])));
  return best;
}
