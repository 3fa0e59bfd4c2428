// What run.mjs needs of pipeopt, bundled: Node 20 reads no TypeScript.

export { leastCost } from '../../src/analysis/front/crashing.ts';
export { searchedPlans } from '../../src/analysis/front/plans.ts';
export { linked } from '../replay/links.ts';
export { modelOf } from '../replay/model.ts';
