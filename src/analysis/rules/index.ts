/** All rules. The order is that of lists and docs; findings are sorted by gravity and place. */
import type { Rule } from '../rule.ts';
import { callArityMismatch } from './call-arity-mismatch.ts';
import { collectBetweenPerItemSteps } from './collect-between-per-item-steps.ts';
import { deadSelector } from './dead-selector.ts';
import { lostGroupKey } from './lost-group-key.ts';
import { orderedConcat } from './ordered-concat.ts';
import { profileReplacedSelector } from './profile-replaced-selector.ts';
import { undefinedProcessOutput } from './undefined-process-output.ts';
import { unknownSuppression } from './unknown-suppression.ts';
import { unpairedInputs } from './unpaired-inputs.ts';
import { unresolvedInclude } from './unresolved-include.ts';
import { unsizedGroupTuple } from './unsized-group-tuple.ts';
import { unusedSuppression } from './unused-suppression.ts';

export const allRules: readonly Rule[] = [
  callArityMismatch,
  undefinedProcessOutput,
  unresolvedInclude,
  unpairedInputs,
  unsizedGroupTuple,
  lostGroupKey,
  collectBetweenPerItemSteps,
  orderedConcat,
  deadSelector,
  profileReplacedSelector,
  unknownSuppression(() => allRules.map((rule) => rule.id)),
  unusedSuppression(() => allRules.map((rule) => rule.id)),
];
