/** All rules. The order is that of lists and docs; findings are sorted by gravity and place. */
import type { Rule } from '../rule.ts';
import { callArityMismatch } from './call-arity-mismatch.ts';
import { collectBetweenPerItemSteps } from './collect-between-per-item-steps.ts';
import { crossThenFilter } from './cross-then-filter.ts';
import { deadSelector } from './dead-selector.ts';
import { deadWork } from './dead-work.ts';
import { duplicateWork } from './duplicate-work.ts';
import { lostGroupKey } from './lost-group-key.ts';
import { missingScatter } from './missing-scatter.ts';
import { orderedConcat } from './ordered-concat.ts';
import { overRequestedCpus } from './over-requested-cpus.ts';
import { overRequestedMemory } from './over-requested-memory.ts';
import { overRequestedTime } from './over-requested-time.ts';
import { overWideDirectory } from './over-wide-directory.ts';
import { oversubscribedThreads } from './oversubscribed-threads.ts';
import { passThroughLink } from './pass-through-link.ts';
import { profileReplacedSelector } from './profile-replaced-selector.ts';
import { queueWhereValueMeant } from './queue-where-value-meant.ts';
import { reorderedSource } from './reordered-source.ts';
import { repeatedConstantWork } from './repeated-constant-work.ts';
import { retryWaste } from './retry-waste.ts';
import { serialMonolith } from './serial-monolith.ts';
import { shortGroupDropped } from './short-group-dropped.ts';
import { singleThreadTool } from './single-thread-tool.ts';
import { slowStaging } from './slow-staging.ts';
import { throttledStep } from './throttled-step.ts';
import { tinyTasks } from './tiny-tasks.ts';
import { tokenDependency } from './token-dependency.ts';
import { undefinedProcessOutput } from './undefined-process-output.ts';
import { underRequestedMemory } from './under-requested-memory.ts';
import { unknownSuppression } from './unknown-suppression.ts';
import { unmatchedJoin } from './unmatched-join.ts';
import { unpairedInputs } from './unpaired-inputs.ts';
import { unreadInput } from './unread-input.ts';
import { unresolvedInclude } from './unresolved-include.ts';
import { unsizedGroupTuple } from './unsized-group-tuple.ts';
import { unusedGpu } from './unused-gpu.ts';
import { unusedSuppression } from './unused-suppression.ts';
export const allRules: readonly Rule[] = [
  callArityMismatch,
  undefinedProcessOutput,
  unresolvedInclude,
  unreadInput,
  tokenDependency,
  overWideDirectory,
  passThroughLink,
  unpairedInputs,
  unsizedGroupTuple,
  lostGroupKey,
  collectBetweenPerItemSteps,
  orderedConcat,
  queueWhereValueMeant,
  crossThenFilter,
  duplicateWork,
  deadWork,
  throttledStep,
  serialMonolith,
  missingScatter,
  repeatedConstantWork,
  singleThreadTool,
  oversubscribedThreads,
  reorderedSource,
  shortGroupDropped,
  unmatchedJoin,
  overRequestedMemory,
  underRequestedMemory,
  overRequestedCpus,
  overRequestedTime,
  unusedGpu,
  retryWaste,
  tinyTasks,
  slowStaging,
  deadSelector,
  profileReplacedSelector,
  unknownSuppression(() => allRules.map((rule) => rule.id)),
  unusedSuppression(() => allRules.map((rule) => rule.id)),
];
