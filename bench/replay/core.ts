// What run.mjs needs of pipeopt, bundled: Node 20 reads no TypeScript.

export { releasesOf } from '../../src/analysis/simulate/schedule.ts';
export { simulate } from '../../src/analysis/simulate/simulate.ts';
export { CAUSES } from '../../src/analysis/simulate/waits.ts';
export { linked } from './links.ts';
export { modelOf } from './model.ts';
export { RUN_SETS } from './runs.ts';
export { replayTable } from './table.ts';
