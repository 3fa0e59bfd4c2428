/**
 * What was measured, for tasks that ask for something else now than they did in the runs: when a config was written in the meantime, or one that the runs had is not given. What
 * tasks need stays; what they are given is what is read.
 */
import type { CoverageNote } from '../../../parser/pipeline/pipeline.ts';
import { memoryText } from '../../amounts.ts';
import type { Reckoned } from '../../simulate/worlds.ts';
import { counted, listOf } from '../../words.ts';
import type { Asked, Attempt } from './attempts.ts';
import { type CpuLaw, ratioWith } from './cpu-law.ts';
import { cpuLawOf } from './cpu-sizing.ts';
import type { CallSizing } from './sizing.ts';

/** What first attempts were given in the runs: bytes, a number. Present where the call asks for something else now. */
export interface AskedBefore {
  readonly memory?: number;
  readonly cpus?: number;
  /** `memory` is what killed attempts had at most: no run says it. */
  readonly atMost?: true;
}

export interface AskedNow {
  /** As they would be held with what is asked for now; without those that were killed with less than that. */
  readonly attempts: readonly Attempt[];
  readonly before: AskedBefore;
  /** What tasks take with other cpus than they had. Undefined where that cannot be told. */
  readonly law: CpuLaw | undefined;
  /** Times what they took, with what is asked for now. */
  readonly reckoned: Reckoned;
}

/** A request that is told in rounded units is the same. */
const SAME = 0.01;

/** @param takesAll whether its tools are told of every cpu; asked only where that matters */
export function askedNow(attempts: readonly Attempt[], asked: Asked, takesAll: () => boolean): AskedNow {
  const law = cpuLawOf(attempts, takesAll);
  const reckoned = ratioWith(law, asked('cpus', 1));
  const { expected: slowdown } = reckoned;
  let before: AskedBefore = {};
  const hasFirst = attempts.some(({ number }) => number === 1);
  const now = attempts.flatMap((one): Attempt[] => {
    // What was starved before is not any more: it comes through at once.
    const isCured = one.starvedWith > 0 && asked('memory', 1) > one.starvedWith;
    const number = isCured ? 1 : one.number;
    const or = (directive: 'memory' | 'cpus' | 'time', had: number): number => {
      const amount = asked(directive, number);
      return amount > 0 && !isSameRequest(amount, had) ? amount : had;
    };
    const [memory, cpus, limit] = [or('memory', one.memory), or('cpus', one.cpus), or('time', one.limit)];
    const tells = one.number === 1 || !hasFirst;
    if (tells && !Object.is(memory, one.memory))
      before = { ...before, memory: Math.max(before.memory ?? 0, one.memory || 0), ...(one.atMost && { atMost: true }) };
    if (tells && !Object.is(cpus, one.cpus)) before = { ...before, cpus: Math.max(before.cpus ?? 0, one.cpus || 0) };
    if (one.end === 'starved' && memory > one.memory) return [];
    const { held, running, busyCores } = one;
    return [{ ...one, number, memory, cpus, limit, held: held * slowdown, running: running * slowdown, busyCores: busyCores / slowdown }];
  });
  return { attempts: now, before, law, reckoned };
}

/** Whether so much of the runs would be held otherwise now that how long they took tells nothing of how long such a run takes. */
export function isOtherRun(calls: readonly Pick<CallSizing, 'before' | 'held'>[]): boolean {
  const of = (what: 'cpuSeconds' | 'byteSeconds', counts: (before: AskedBefore) => boolean): number =>
    calls.reduce((sum, { before, held }) => (counts(before) ? sum + held[what] : sum), 0);
  return (
    of('cpuSeconds', ({ cpus }) => cpus !== undefined) > MUCH * of('cpuSeconds', () => true) ||
    of('byteSeconds', ({ memory }) => memory !== undefined) > MUCH * of('byteSeconds', () => true)
  );
}

/** Of all that is held. */
const MUCH = 0.1;

/** Of calls that ask for something else than in the runs; undefined where none does. */
export function otherwiseNote(calls: readonly Pick<CallSizing, 'call' | 'before'>[]): CoverageNote | undefined {
  const some = calls.filter(({ call, before }) => call.active !== false && (before.memory !== undefined || before.cpus !== undefined));
  const [first] = some;
  if (first === undefined) return undefined;
  const { memory, cpus, atMost } = first.before;
  const had = [
    ...(cpus === undefined ? [] : [counted(cpus, 'cpu')]),
    ...(memory === undefined ? [] : [`${atMost ? 'at most ' : ''}${memoryText(memory)}`]),
  ];
  const unsaid = some.filter(({ before }) => before.atMost).map(({ call }) => call.name);
  const guess =
    unsaid.length === 0
      ? ''
      : `; the runs do not say what memory tasks of ${listOf([...new Set(unsaid)], 3)} had that were killed: by the settings it would have been more than they came through with, so it is taken that they had less, and are killed no more`;
  return {
    message: `${counted(some.length, 'call')} ${some.length === 1 ? 'asks' : 'ask'} for other cpus or memory now than in the runs (${first.call.name}, which had ${had.join(' and ')} there${some.length > 1 ? ', and others' : ''}): what is said is for what they ask for now${guess}`,
    taken: true,
    hint: `if the runs had params, a profile or a config that is not given here, give it: --params-file, --profile, -c${unsaid.length === 0 ? '' : '; memory among trace.fields says it of the next run'}`,
  };
}

export function isSameRequest(now: number, had: number): boolean {
  return Math.abs(now - had) <= SAME * had;
}
