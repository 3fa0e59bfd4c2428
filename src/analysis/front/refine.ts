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
  /** So many random steps at most. */
  readonly steps: number;
  /** Nothing more should be tried. */
  readonly isSpent: () => boolean;
}

/** The best of some ways, and of what random steps from these come to: one answer changed at a time. */
export function refined(start: readonly Way[], trial: Trial, { answers, steps, isSpent }: RefineOptions): Tried[] {
  const known = new Map<string, Tried | undefined>();
  const tried = (way: Way): Tried[] => {
    const key = way.join();
    if (!known.has(key)) {
      const found = trial(way);
      known.set(key, found && { ...found, way });
    }
    const found = known.get(key);
    return found === undefined ? [] : [found];
  };
  let front = frontOf(start.flatMap((way) => (isSpent() ? [] : tried(way))));
  const open = answers.flatMap((count, question) => (count > 1 ? [question] : []));
  const random = new Random(0);
  for (let step = 0; step < steps && front.length > 0 && open.length > 0 && !isSpent(); step += 1) {
    const draw = (name: number, count: number): number => Math.floor(random.uniform(name, step) * count);
    const { way } = front[draw(0, front.length)] as Tried;
    const question = open[draw(1, open.length)] as number;
    front = frontOf([...front, ...tried(way.with(question, draw(2, answers[question] as number)))]);
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
