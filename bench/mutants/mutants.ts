/** From bases and kinds to mutants: sites chosen by seed, each checked to be readable and to change something. */
import type { Report } from '../../src/index.ts';
import { analyzeFiles, type Base } from './bases.ts';
import { Chance } from './chance.ts';
import type { Files, PlaceLines } from './edits.ts';
import type { Kind, Mutation } from './kind.ts';
import { lostGroupKey, shortGroupDropped, unsizedGroupTuple } from './kinds/groups.ts';
import {
  collectBetweenPerItemSteps,
  orderedConcat,
  overWideDirectory,
  passThroughLink,
  tokenDependency,
  unreadInput,
} from './kinds/links.ts';
import { crossThenFilter, queueWhereValueMeant, unmatchedJoin, unpairedInputs } from './kinds/pairing.ts';
import { oversubscribedThreads, singleThreadTool, throttledStep } from './kinds/threads.ts';
import { deadWork, duplicateWork, missingScatter, repeatedConstantWork, serialMonolith } from './kinds/work.ts';

export const KINDS: readonly Kind[] = [
  unsizedGroupTuple,
  lostGroupKey,
  collectBetweenPerItemSteps,
  tokenDependency,
  unreadInput,
  passThroughLink,
  overWideDirectory,
  orderedConcat,
  serialMonolith,
  missingScatter,
  repeatedConstantWork,
  duplicateWork,
  crossThenFilter,
  queueWhereValueMeant,
  unpairedInputs,
  shortGroupDropped,
  unmatchedJoin,
  singleThreadTool,
  oversubscribedThreads,
  throttledStep,
  deadWork,
];

export interface Mutant {
  /** `base/kind/1`, `base/kind/neutral-1`. */
  readonly name: string;
  readonly base: Base;
  readonly rule: string;
  readonly neutral: boolean;
  readonly mutation: Mutation;
  readonly files: Files;
  readonly places: readonly PlaceLines[];
}

export interface Choice {
  readonly seed: number;
  /** Faults of a kind in one base of ours, in a public one, and neutral mutants of a kind in one of ours. */
  readonly perOwnBase: number;
  readonly perPublicBase: number;
  readonly neutralsPerBase: number;
}

export const USUAL: Choice = { seed: 1, perOwnBase: 3, perPublicBase: 2, neutralsPerBase: 1 };

/** The mutants of one base and kind. The same seed gives the same ones, whatever else is asked for. */
export function mutantsOf(base: Base, kind: Kind, { seed, perOwnBase, perPublicBase, neutralsPerBase }: Choice): Mutant[] {
  const chance = new Chance(seed, `${base.name} ${kind.rule}`);
  const faults = chance.shuffled(kind.faults(base.model, chance)).slice(0, base.own ? perOwnBase : perPublicBase);
  const neutrals = base.own ? chance.shuffled(kind.neutrals(base.model, chance)).slice(0, neutralsPerBase) : [];
  return [...faults.map((one) => ({ one, neutral: false })), ...neutrals.map((one) => ({ one, neutral: true }))].map(
    ({ one, neutral }, index) => {
      const files = one.edits.apply(base.files);
      return {
        name: `${base.name}/${kind.rule}/${neutral ? `neutral-${index - faults.length + 1}` : index + 1}`,
        base,
        rule: kind.rule,
        neutral,
        mutation: one,
        files,
        places: one.places.map(({ path, range }) => one.edits.linesOf(files, path, range)),
      };
    },
  );
}

/** What is wrong with the mutant itself, so that it may not be judged by: it cannot be read, or is the base still. */
export function unfit(mutant: Mutant, report: Report): string | undefined {
  const base = mutant.base.model.report;
  if (report.coverage.diagnostics.length > base.coverage.diagnostics.length)
    return `not readable: ${report.coverage.diagnostics.map(({ message, location }) => `${location.path}:${location.startLine} ${message}`).join('; ')}`;
  if (report.coverage.unresolvedIncludes.length > base.coverage.unresolvedIncludes.length) return 'an include leads nowhere';
  if (Object.entries(mutant.files).every(([path, text]) => mutant.base.files[path] === text)) return 'nothing is changed';
  const missing = mutant.mutation.calls.filter((id) => !report.graph.calls.some((call) => call.id === id));
  return missing.length > 0 ? `no such call: ${missing.join(', ')}` : undefined;
}

export function analyzeMutant(mutant: Mutant): Report {
  return analyzeFiles(mutant.files, mutant.base.options);
}
