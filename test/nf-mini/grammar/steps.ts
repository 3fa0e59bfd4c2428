/** The grammar of generated pipelines: each entry adds one step, or does nothing where it does not fit. */
import type { Draft } from '../generate.ts';
import { flatMapPaths, flatten, transpose } from './apart.ts';
import { gather, keysOnly, thin } from './gatherings.ts';
import { addPart, branch, filter, keepSome, multiMap } from './items.ts';
import { group, rekey, sizeByNumber, touchKey } from './keys.ts';
import { combine, combineBy, cross, join, mixture } from './meetings.ts';
import { keyed } from './parts.ts';
import { addProcess } from './processes.ts';
import { intervals, pairs, reference, sheet, words } from './sources.ts';
import { conditional, subworkflow } from './wholes.ts';

export interface StepKind {
  readonly weight: number;
  readonly when: (draft: Draft) => boolean;
  readonly add: (draft: Draft) => void;
}

export const any = (draft: Draft): boolean => draft.pool.some(({ kind }) => kind === 'queue');
export const keys = (draft: Draft): boolean => draft.pool.some(keyed);
export const several = (draft: Draft): boolean => draft.pool.length > 1 && any(draft);
export const few = (name: string, most: number) => (draft: Draft) => draft.pool.filter((one) => one.name.startsWith(name)).length < most;

export const STEPS: readonly StepKind[] = [
  { weight: 6, when: (draft) => !draft.nested && few('ch_samples', 1)(draft), add: sheet },
  { weight: 1, when: (draft) => !draft.nested && few('ch_pairs', 1)(draft), add: pairs },
  { weight: 2, when: (draft) => few('ch_intervals', 1)(draft), add: intervals },
  { weight: 1, when: (draft) => few('ch_fasta', 2)(draft), add: reference },
  { weight: 0.6, when: (draft) => few('ch_tools', 1)(draft), add: words },
  { weight: 14, when: any, add: addProcess },
  { weight: 4, when: keys, add: rekey },
  { weight: 1.5, when: keys, add: touchKey },
  { weight: 4, when: keys, add: sizeByNumber },
  { weight: 5, when: keys, add: group },
  { weight: 1.5, when: any, add: transpose },
  { weight: 1, when: several, add: flatten },
  { weight: 1, when: keys, add: flatMapPaths },
  { weight: 2, when: any, add: keepSome },
  { weight: 1, when: any, add: addPart },
  { weight: 1.5, when: any, add: filter },
  { weight: 1.5, when: keys, add: branch },
  { weight: 1, when: keys, add: multiMap },
  { weight: 4, when: several, add: combine },
  { weight: 4, when: several, add: join },
  { weight: 1.5, when: several, add: combineBy },
  { weight: 0.4, when: several, add: cross },
  { weight: 3, when: several, add: mixture('mix') },
  { weight: 1, when: several, add: mixture('concat') },
  { weight: 0.3, when: several, add: mixture('merge') },
  { weight: 4, when: any, add: gather },
  { weight: 1.5, when: any, add: thin },
  { weight: 0.6, when: keys, add: keysOnly },
  { weight: 1.5, when: (draft) => !draft.nested && any(draft), add: subworkflow },
  { weight: 1, when: (draft) => !draft.nested && any(draft), add: conditional },
];
