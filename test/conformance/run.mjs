// `npm run conformance`: real Nextflow judges our process graphs and effective directives, and its parser what our fixtures declare.
//   --record     write down anew what real Nextflow says, instead of comparing
//   --only NAME  one case (NAME, graphs/NAME, config/NAME, dsl1/NAME, tasks/NAME or pipelines/NAME); may be repeated. `facts` is what all fixtures
//                declare, `tasks` every case of fixtures/tasks, `forty-two` the run of fixtures/pipelines/forty-two with fake tools,
//                `limits` what holds tasks of fixtures/capacities back.
//   --at-once N  runs side by side; 2 unless given
//   --ours-only  no Java: pipeopt against what is recorded
//   --real-only  no pipeopt: what is recorded against real Nextflow
// Exit 0: all agree; 1: some case differs; 2: real Nextflow cannot be started here, or the options make no sense.
import { parseArgs } from 'node:util';
import { judgeLimits } from './capacity.mjs';
import { runsOf, writeExpected } from './cases.mjs';
import { directiveDifferences, graphDifferences, taskDifferences } from './compare.mjs';
import { sortEdges } from './dot.mjs';
import { fixtureDifferences, prepareFacts } from './facts.mjs';
import { figuresLine, judgeFortyTwo } from './forty-two.mjs';
import { inParallel } from './in-parallel.mjs';
import { prepareNextflow, realGraph, realGraphOfDsl1, realTasks } from './judge.mjs';
import { hasNoChannels, ourCalls, ourGraph } from './ours.mjs';
import { judgeTasks } from './tasks.mjs';
import { truthDifferences } from './truth.mjs';

const AT_ONCE = '2';
// Reported per case; what lies beyond is counted.
const SHOWN = 4;

function readOptions() {
  try {
    const flag = { type: 'boolean', default: false };
    return parseArgs({
      options: {
        record: flag,
        'ours-only': flag,
        'real-only': flag,
        only: { type: 'string', multiple: true },
        'at-once': { type: 'string', default: AT_ONCE },
      },
    }).values;
  } catch (error) {
    console.error(`${error.message}\nusage: run.mjs [--record] [--ours-only | --real-only] [--only NAME]... [--at-once N]`);
    return undefined;
  }
}

async function main({ record, only, 'ours-only': oursOnly, 'real-only': realOnly, 'at-once': atOnce }) {
  const askReal = record || !oursOnly;
  const askOurs = !record && !realOnly;
  if (askReal) {
    const missing = prepareNextflow();
    if (missing) {
      console.error(`${missing}\nWithout it, \`--ours-only\` compares with what is recorded.`);
      return 2;
    }
  }
  const runs = ['graphs', 'config', 'dsl1', 'pipelines', 'tasks'].flatMap((kind) =>
    (only ?? [undefined]).flatMap((name) => runsOf(kind, name)),
  );
  const askFacts = askReal && askOurs && (only === undefined || only.includes('facts'));
  const askFortyTwo = askReal && (only === undefined || only.includes('forty-two'));
  const askLimits = askReal && askOurs && (only === undefined || only.includes('limits'));
  if (runs.length === 0 && !askFacts && !askFortyTwo && !askLimits) {
    console.error(`no such case: ${only?.join(', ')}`);
    return 2;
  }
  const started = Date.now();
  const outcomes = await inParallel(Number(atOnce), runs, (run) => JUDGES[run.kind](run, { record, askReal, askOurs }));
  let failed = 0;
  for (const [i, differences] of outcomes.entries()) {
    if (differences.length === 0) continue;
    failed++;
    const more = differences.length > SHOWN ? `; and ${differences.length - SHOWN} more` : '';
    console.log(`FAIL ${runs[i].id}: ${differences.slice(0, SHOWN).join('; ')}${more}`);
  }
  if (askFacts && !judgeFacts()) failed++;
  // By itself: it measures time.
  if (askFortyTwo && !(await judgeRun(record))) failed++;
  if (askLimits && !(await judgeCapacity())) failed++;
  const cases = new Set(runs.map((run) => run.folder)).size;
  const judged = runs.length + (askFacts ? 1 : 0) + (askFortyTwo ? 1 : 0) + (askLimits ? 1 : 0);
  console.log(
    `${cases} cases, ${runs.length} runs${askReal ? ', real Nextflow 25.04 and 22.10' : ''}, ${Math.round((Date.now() - started) / 1000)} s${record ? ', recorded' : ''}`,
  );
  console.log(`${judged - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** Tasks, their order and what they publish, of the pipeline of 42 calls. */
async function judgeRun(record) {
  try {
    const { differences, slow, figures } = await judgeFortyTwo({ record });
    const more = differences.length > SHOWN ? `; and ${differences.length - SHOWN} more` : '';
    if (differences.length > 0) console.log(`FAIL forty-two: ${differences.slice(0, SHOWN).join('; ')}${more}`);
    else console.log(figuresLine(figures));
    for (const difference of slow) console.log(`on a busy machine: forty-two: ${difference}`);
    return differences.length === 0;
  } catch (error) {
    console.log(`FAIL forty-two: ${oneLine(error)}`);
    return false;
  }
}

/** What holds tasks back on small machines. */
async function judgeCapacity() {
  try {
    const differences = await judgeLimits();
    if (differences.length > 0) console.log(`FAIL limits: ${differences.join('; ')}`);
    return differences.length === 0;
  } catch (error) {
    console.log(`FAIL limits: ${oneLine(error)}`);
    return false;
  }
}

/** What the fixtures declare: one check over all of them. */
function judgeFacts() {
  try {
    const missing = prepareFacts();
    const { compared, entries, failures } = missing ? { failures: [missing] } : fixtureDifferences();
    const more = failures.length > SHOWN ? `; and ${failures.length - SHOWN} more` : '';
    if (failures.length > 0) console.log(`FAIL facts: ${failures.slice(0, SHOWN).join('; ')}${more}`);
    else console.log(`facts: ${entries} entries of ${compared} files, as nf-lang has them`);
    return failures.length === 0;
  } catch (error) {
    console.log(`FAIL facts: ${oneLine(error)}`);
    return false;
  }
}

/** Somebody worked these out by hand before Nextflow was asked; pipeopt is held against them by test/parser/graph/by-hand.test.ts. */
async function judgeDsl1(run, { askReal }) {
  if (!askReal) return [];
  try {
    const hidden = new Set((run.expected.undrawn ?? []).map(([from, to]) => `${from}\t${to}`));
    const edges = sortEdges(run.expected.edges.map(([from, to]) => [from, to]).filter((edge) => !hidden.has(edge.join('\t'))));
    const want = { processes: [...run.expected.processes].sort(), edges };
    return graphDifferences(want, await realGraphOfDsl1(run), { want: 'the list made by hand', got: 'Nextflow 22.10' });
  } catch (error) {
    return [oneLine(error)];
  }
}

async function judgeGraph(run, { record, askReal, askOurs }) {
  const differences = [];
  if (askReal) {
    try {
      const real = await realGraph(run);
      if (record) {
        writeExpected(run, real);
        return [];
      }
      if (run.expected.processes)
        differences.push(...graphDifferences(run.expected, real, { want: 'the recorded graph', got: 'Nextflow now' }));
    } catch (error) {
      differences.push(oneLine(error));
    }
  }
  if (!run.expected.processes) return record ? differences : [...differences, 'nothing recorded: run with --record'];
  if (askOurs) {
    try {
      const ours = await ourGraph(run);
      const want = { ...run.expected, edges: [...run.expected.edges, ...(run.expected.undrawn ?? [])] };
      differences.push(
        ...graphDifferences(want, ours, { want: 'Nextflow', got: 'pipeopt' }, (id) => hasNoChannels(run, ours.calls.get(id))),
      );
    } catch (error) {
      differences.push(oneLine(error));
    }
  }
  return differences;
}

async function judgeConfig(run, { record, askReal, askOurs }) {
  const differences = [];
  if (askReal) {
    try {
      const real = await realTasks(run);
      if (record) {
        writeExpected(run, real);
        return [];
      }
      if (run.expected.tasks) differences.push(...taskDifferences(run.expected.tasks, real));
    } catch (error) {
      differences.push(oneLine(error));
    }
  }
  if (!run.expected.tasks) return record ? differences : [...differences, 'nothing recorded: run with --record'];
  if (askOurs) {
    try {
      differences.push(...directiveDifferences(run.expected.tasks, await ourCalls(run)));
    } catch (error) {
      differences.push(oneLine(error));
    }
  }
  return differences;
}

/** Whole pipelines: their `expected.json` is what there is to find in them, so the graph is compared as Nextflow draws it now. */
async function judgePipeline(run, { record, askReal, askOurs }) {
  if (record || !askReal) return [];
  try {
    const real = await realGraph(run);
    const differences = truthDifferences(run.expected, real);
    if (askOurs) differences.push(...graphDifferences(real, await ourGraph(run), { want: 'Nextflow', got: 'pipeopt' }));
    return differences;
  } catch (error) {
    return [oneLine(error)];
  }
}

function oneLine(error) {
  return String(error.message ?? error)
    .replace(/\s*\n\s*/g, ' / ')
    .slice(0, 600);
}

async function judgeTaskCase(run, options) {
  try {
    return await judgeTasks(run, options);
  } catch (error) {
    return [oneLine(error)];
  }
}

const JUDGES = { graphs: judgeGraph, config: judgeConfig, dsl1: judgeDsl1, pipelines: judgePipeline, tasks: judgeTaskCase };

const options = readOptions();
process.exitCode = options === undefined ? 2 : await main(options);
