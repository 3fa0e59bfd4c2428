/** Against a slow simulator, closed forms, and what holds of any schedule. */
import { describe, expect, test } from 'vitest';
import { arrivalPlaces } from '../../../src/analysis/simulate/arrivals.ts';
import { kubernetes } from '../../../src/analysis/simulate/platforms/kubernetes.ts';
import { local } from '../../../src/analysis/simulate/platforms/local.ts';
import { type Executor, splitPlatform } from '../../../src/analysis/simulate/platforms/platform.ts';
import { Random } from '../../../src/analysis/simulate/random.ts';
import { schedule } from '../../../src/analysis/simulate/schedule.ts';
import { type CallSettings, type SimulationOptions, simulate, type Tasks } from '../../../src/analysis/simulate/simulate.ts';
import type { Gate, TaskLinks } from '../../../src/analysis/simulate/task-graph.ts';
import type { Waits } from '../../../src/analysis/simulate/waits.ts';
import { differenceIn } from './difference.ts';
import { lehmer, randomWorld, type World } from './random-worlds.ts';

const CALL: CallSettings = { ladders: [[{ cpus: 1, memoryBytes: 1 }]], maxForks: 0, errorStrategy: 'terminate', maxRetries: 1 };
const roomy = local({ cpus: 1000, memoryBytes: 1e6 });
const slots = (cpus: number) => local({ cpus, memoryBytes: 1e6 });

/** What can go at the same time comes by its number. */
function inOrder({ tasks }: TaskLinks): SimulationOptions {
  return { places: Int32Array.from({ length: tasks }, (_, task) => task) };
}

/** Calls in a row of so many tasks each; `all`: the tasks of one wait for all of the one before, otherwise each for its own. */
function row(sizes: readonly number[], all: boolean): TaskLinks {
  const groups: TaskLinks['groups'][number][] = [];
  let first = 0;
  let before: Gate | undefined;
  for (const [at, size] of sizes.entries()) {
    const key = (count: number) => Int32Array.from({ length: size }, (_, task) => (count === 1 ? 0 : task));
    const gate: Gate = { count: all ? 1 : size, any: false, gateOf: key(all ? 1 : size) };
    groups.push({
      size,
      first,
      waits: before === undefined ? [] : [{ on: at - 1, gate: before, from: 0, gateOf: key(before.count) }],
      gates: [gate],
    });
    before = gate;
    first += size;
  }
  return { groups, tasks: first };
}

function tasksOf(
  graph: TaskLinks,
  durations: (task: number) => number,
  call: Partial<CallSettings> = {},
  more: Partial<Tasks> = {},
): Tasks {
  return {
    calls: graph.groups.map(() => ({ ...CALL, ...call })),
    durationsMs: Float64Array.from({ length: graph.tasks }, (_, task) => durations(task)),
    ...more,
  };
}

describe('equals a slow simulator to the millisecond', () => {
  test('on 300 random runs', () => {
    for (let seed = 0; seed < 300; seed += 1) expect(`${seed}: ${differenceIn(randomWorld(seed)).difference}`).toBe(`${seed}: undefined`);
  });
});

describe('closed forms', () => {
  test('a chain takes the sum', () => {
    const graph = row([1, 1, 1, 1], true);
    expect(
      simulate(
        graph,
        tasksOf(graph, (task) => 100 * (task + 1)),
        roomy,
      ).makespanMs,
    ).toBe(1000); // 100 + 200 + 300 + 400
  });

  test('a chain waits for a poll, and for each start, at each link', () => {
    const graph = row([1, 1, 1], true);
    const executor = { pollMs: 5000, submitMs: 0, reportMs: 0, collectMs: 0 };
    const platform = kubernetes({
      nodes: [{ count: 1, cpus: 8, memoryBytes: 8 }],
      executor,
      turnaround: { inLineMs: 1000, ownMs: { median: 500, p90: 500 }, clearMs: 0 },
    });
    const { starts, ends, makespanMs, waits } = simulate(
      graph,
      tasksOf(graph, () => 2000),
      platform,
    );
    // Submitted at 0, 5000, 10000: 1500 to start, 2000 to run, seen at the poll after that.
    expect([...starts]).toEqual([1500, 6500, 11_500]);
    expect([...ends]).toEqual([3500, 8500, 13_500]);
    expect(makespanMs).toBe(13_500);
    expect(waits[1]).toMatchObject({ data: 3500, poll: 1500, boot: 1500 });
  });

  test('a fork and a join', () => {
    const graph = row([1, 6, 1], true);
    // 10, then six of 60 on 4 cpus in two rounds, then 10.
    const tasks = tasksOf(graph, (task) => (task === 0 || task === 7 ? 10 : 60));
    expect(simulate(graph, tasks, slots(4)).makespanMs).toBe(10 + 2 * 60 + 10);
    expect(simulate(graph, tasks, roomy).makespanMs).toBe(10 + 60 + 10);
  });

  test.each([
    [12, 5, 4],
    [7, 3, 3],
    [5, 4, 8],
    [100, 10, 7],
  ])('a grid of %i samples by %i steps of one length on %i cpus', (samples, steps, cpus) => {
    const graph = row(new Array(steps).fill(samples), true);
    const tasks = tasksOf(graph, () => 50);
    expect(simulate(graph, tasks, slots(cpus)).makespanMs).toBe(50 * steps * Math.ceil(samples / cpus));
    const streaming = row(new Array(steps).fill(samples), false);
    expect(simulate(streaming, tasks, slots(cpus)).makespanMs).toBe(50 * Math.max(steps, Math.ceil((samples * steps) / cpus)));
  });

  test('with room for all it is the schedule without machines', () => {
    for (let seed = 0; seed < 100; seed += 1) {
      const { graph, tasks } = randomWorld(seed);
      const free = { ...tasks, calls: graph.groups.map(() => CALL), failures: new Uint8Array(graph.tasks) };
      const { starts, ends, span } = schedule(graph, tasks.durationsMs);
      const run = simulate(graph, { calls: free.calls, durationsMs: tasks.durationsMs }, roomy);
      expect(run.makespanMs).toBe(span);
      expect(run.starts).toEqual(starts);
      expect(run.ends).toEqual(ends);
    }
  });
});

describe('tasks that could all be made', () => {
  const graph: TaskLinks = {
    groups: [1000, 1, 1000].map((size, at) => ({ size, first: [0, 1000, 1001][at] as number, waits: [], gates: [] })),
    tasks: 2001,
  };
  const places = arrivalPlaces(graph, new Random(1));

  test('have each a place of its own, by the seed', () => {
    expect(Array.from(places).sort((one, two) => one - two)).toEqual(Array.from({ length: 2001 }, (_, place) => place));
    expect(arrivalPlaces(graph, new Random(1))).toEqual(places);
    expect(arrivalPlaces(graph, new Random(2))).not.toEqual(places);
  });

  test('come from all calls in turn, and nearly in their order', () => {
    for (let task = 0; task < 1000; task += 1) {
      // A call may be late by 23 turns, and no task overtakes more than the eight that are being made.
      expect(places[task]).toBeGreaterThanOrEqual(2 * task - 23 - 8);
      expect(places[1001 + task]).toBeGreaterThanOrEqual(2 * task - 23 - 8);
    }
    expect(places[1000]).toBeLessThan(150);
  });
});

describe('Nextflow’s rules', () => {
  test('who does not fit is overtaken', () => {
    const graph: TaskLinks = { groups: [0, 1, 2].map((first) => ({ size: 1, first, waits: [], gates: [] })), tasks: 3 };
    const tasks: Tasks = {
      calls: [3, 2, 1].map((cpus) => ({ ...CALL, ladders: [[{ cpus, memoryBytes: 1 }]] })),
      durationsMs: Float64Array.of(100, 100, 10),
    };
    const { starts, waits } = simulate(graph, tasks, slots(4), inOrder(graph));
    expect([...starts]).toEqual([0, 100, 0]);
    expect(waits[1]).toMatchObject({ cpus: 100, memory: 0, 'queue-size': 0 });
  });

  test('maxForks and queueSize hold back, and are said to', () => {
    const graph = row([4], true);
    const forks = simulate(
      graph,
      tasksOf(graph, () => 10, { maxForks: 1 }),
      roomy,
    );
    expect(forks.makespanMs).toBe(40);
    expect(forks.waits[0]).toMatchObject({ 'max-forks': 10 + 20 + 30 });
    const queue = simulate(
      graph,
      tasksOf(graph, () => 10),
      local({ cpus: 8, memoryBytes: 8, queueSize: 2 }),
    );
    expect(queue.makespanMs).toBe(20);
    expect(queue.waits[0]).toMatchObject({ 'queue-size': 10 + 10 });
  });

  test('what waits for everybody though it is given one thing waits avoidably', () => {
    const graph = row([2, 2], true);
    const data = row([2, 2], false);
    const options: SimulationOptions = { data };
    const { waits } = simulate(
      graph,
      tasksOf(graph, (task) => (task === 0 ? 10 : 100)),
      roomy,
      options,
    );
    expect(waits[1]).toMatchObject({ data: 10 + 100, avoidable: 90 });
  });

  test('what is tried again asks for more, at the tail', () => {
    const graph = row([2], true);
    const ladder = [
      { cpus: 1, memoryBytes: 1 },
      { cpus: 2, memoryBytes: 4 },
    ];
    const call: Partial<CallSettings> = { ladders: [ladder], errorStrategy: 'retry', maxRetries: 1 };
    const tasks = tasksOf(graph, () => 10, call, { peakMemory: Float64Array.of(3, 1) });
    const { attempts, starts, outcome } = simulate(graph, tasks, slots(1), inOrder(graph));
    // The second attempt asks for 2 cpus of 1.
    expect(outcome).toBe('stuck');
    expect([...attempts]).toEqual([1, 1]);
    const more = simulate(graph, tasks, slots(2));
    expect([...more.attempts]).toEqual([2, 1]);
    expect(more.makespanMs).toBe(20);
    expect([...starts]).toEqual([0, 10]);
  });

  test('one failure more than maxRetries ends the run', () => {
    const graph = row([1, 1], true);
    const failing = (failures: number, errorStrategy: CallSettings['errorStrategy']) =>
      simulate(
        graph,
        tasksOf(graph, () => 10, { errorStrategy, maxRetries: 2 }, { failures: Uint8Array.of(failures, 0) }),
        roomy,
      );
    expect(failing(2, 'retry')).toMatchObject({ outcome: 'completed', makespanMs: 40 });
    expect(failing(3, 'retry')).toMatchObject({ outcome: 'terminated', makespanMs: 30 });
    expect(failing(1, 'finish')).toMatchObject({ outcome: 'finished', makespanMs: 10 });
    const ignored = failing(1, 'ignore');
    expect(ignored.outcome).toBe('completed');
    expect(ignored.starts[1]).toBeNaN();
  });

  test('a permit goes to each task that is looked at, also to those that cannot go', () => {
    // Two big ones that have to wait one for the other, and small ones behind them.
    const graph: TaskLinks = { groups: [0, 1, 2].map((first) => ({ size: 1, first, waits: [], gates: [] })), tasks: 3 };
    const tasks: Tasks = {
      calls: [4, 4, 1].map((cpus) => ({ ...CALL, ladders: [[{ cpus, memoryBytes: 1 }]] })),
      durationsMs: Float64Array.of(10_000, 10_000, 10),
    };
    const executor: Partial<Executor> = { submitsPerSecond: 1 };
    const { submits } = simulate(graph, tasks, local({ cpus: 5, memoryBytes: 8, executor }), inOrder(graph));
    expect([...submits]).toEqual([0, 10_000, 2000]);
  });
});

describe('laws', () => {
  const worlds = Array.from({ length: 200 }, (_, seed) => randomWorld(seed + 1000));

  test('no more is in use than there is, and it takes no less than work over capacity, and than the longest chain', () => {
    for (const { graph, tasks, nodes, platform } of worlds) {
      const calm = { calls: tasks.calls, durationsMs: tasks.durationsMs, ...(tasks.ladderOf && { ladderOf: tasks.ladderOf }) };
      const { makespanMs, machines } = simulate(graph, calm, platform);
      const cpus = nodes.reduce((sum, node) => sum + node.cpus, 0);
      const busy = machines.reduce((sum, { busyCpuMs }) => sum + busyCpuMs, 0);
      expect(busy).toBeLessThanOrEqual(cpus * makespanMs);
      expect(makespanMs).toBeGreaterThanOrEqual(schedule(graph, tasks.durationsMs).span);
    }
  });

  test('of tasks of one cpu: no more than work over capacity and the longest chain (Graham)', () => {
    for (const [at, { graph, tasks }] of worlds.entries()) {
      const next = lehmer(at + 7);
      const cpus = 1 + Math.floor(next() * 6);
      const { span, work } = schedule(graph, tasks.durationsMs);
      const { makespanMs } = simulate(
        graph,
        tasksOf(graph, (task) => tasks.durationsMs[task] as number),
        slots(cpus),
      );
      expect(makespanMs).toBeLessThanOrEqual(work / cpus + (1 - 1 / cpus) * span + 1e-9);
      expect(makespanMs).toBeGreaterThanOrEqual(Math.max(span, work / cpus) - 1e-9);
    }
  });

  test('each ms until a task starts has one reason', () => {
    for (const { graph, tasks, platform } of worlds) {
      const calm = { calls: tasks.calls, durationsMs: tasks.durationsMs, ...(tasks.ladderOf && { ladderOf: tasks.ladderOf }) };
      const { starts, waits } = simulate(graph, calm, platform);
      for (const [group, { first, size }] of graph.groups.entries()) {
        const sum = Object.values(waits[group] as Waits).reduce((all, ms) => all + ms, 0);
        expect(sum).toBeCloseTo(
          starts.slice(first, first + size).reduce((all, ms) => all + ms, 0),
          6,
        );
      }
    }
  });

  test('the same seed, the same run', () => {
    for (const { graph, tasks, platform } of worlds.slice(0, 20))
      expect(simulate(graph, tasks, platform, { seed: 3 })).toEqual(simulate(graph, tasks, platform, { seed: 3 }));
  });
});

test('durations of another graph are refused', () => {
  const graph = row([2], true);
  expect(() => simulate(graph, { calls: [CALL], durationsMs: new Float64Array(3) }, roomy)).toThrow(RangeError);
});

describe('a platform that is made of several', () => {
  /** Two runs that have nothing to do with each other, as one: the tasks of the second behind those of the first. */
  function beside(one: World, other: World): { readonly graph: TaskLinks; readonly tasks: Tasks; readonly places: Int32Array } {
    const shift = one.graph.tasks;
    const groups = [
      ...one.graph.groups,
      ...other.graph.groups.map(({ first, waits, ...rest }) => ({
        ...rest,
        first: first + shift,
        waits: waits.map((wait) => ({ ...wait, on: wait.on + one.graph.groups.length })),
      })),
    ];
    const on = (calls: Tasks['calls'], part: number): CallSettings[] =>
      calls.map((call) => ({ ...call, ladders: call.ladders.map((ladder) => ladder.map((request) => ({ ...request, on: part }))) }));
    const joined = <T extends Uint8Array | Uint16Array | Float64Array | Int32Array>(
      make: (length: number) => T,
      a: T | undefined,
      b: T | undefined,
    ): T => {
      const both = make(shift + other.graph.tasks);
      if (a !== undefined) both.set(a, 0);
      if (b !== undefined) both.set(b, shift);
      return both;
    };
    const places = (world: World): Int32Array => arrivalPlaces(world.graph, new Random(0));
    return {
      graph: { groups, tasks: shift + other.graph.tasks },
      tasks: {
        calls: [...on(one.tasks.calls, 0), ...on(other.tasks.calls, 1)],
        durationsMs: joined((length) => new Float64Array(length), one.tasks.durationsMs, other.tasks.durationsMs),
        ladderOf: joined((length) => new Uint16Array(length), one.tasks.ladderOf, other.tasks.ladderOf),
        failures: joined((length) => new Uint8Array(length), one.tasks.failures, other.tasks.failures),
        peakMemory: joined((length) => new Float64Array(length), one.tasks.peakMemory, other.tasks.peakMemory),
      },
      places: joined(
        (length) => new Int32Array(length),
        places(one),
        places(other).map((place) => place + shift),
      ),
    };
  }

  test('what runs on one of them and has nothing to do with the others takes as long as alone: 300 random pairs', () => {
    let pairs = 0;
    for (let seed = 0; pairs < 300; seed += 1) {
      const [one, other] = [randomWorld(2 * seed), randomWorld(2 * seed + 1)];
      const [first, second] = [one, other].map(({ graph, tasks, platform }) => simulate(graph, tasks, platform));
      if (first?.outcome !== 'completed' || second?.outcome !== 'completed') continue;
      pairs += 1;
      const { graph, tasks, places } = beside(one, other);
      const both = simulate(graph, tasks, splitPlatform([one.platform, other.platform]), { places });
      expect([...both.starts]).toEqual([...first.starts, ...second.starts]);
      expect([...both.ends]).toEqual([...first.ends, ...second.ends]);
      expect(both.makespanMs).toBe(Math.max(first.makespanMs, second.makespanMs));
      expect(both.waits).toEqual([...first.waits, ...second.waits]);
      // A machine is known by its number, those of the second part behind those of the first.
      expect([...both.machineOf]).toEqual([
        ...first.machineOf,
        ...second.machineOf.map((machine) => (machine < 0 ? machine : machine + first.machines.length)),
      ]);
      expect(both.machines.map(({ on }) => on)).toEqual([...first.machines.map(() => 0), ...second.machines.map(() => 1)]);
      expect(both.machines.map(({ busyCpuMs }) => busyCpuMs)).toEqual(
        [...first.machines, ...second.machines].map(({ busyCpuMs }) => busyCpuMs),
      );
    }
  });

  test('each part has a queue of its own', () => {
    const graph = row([4], false);
    const part = (queueSize: number) => local({ cpus: 100, memoryBytes: 1e6, queueSize });
    const split = splitPlatform([part(1), part(100)]);
    const run = (on: number) =>
      simulate(
        graph,
        tasksOf(graph, () => 10, { ladders: [[{ cpus: 1, memoryBytes: 1, on }]] }),
        split,
      ).makespanMs;
    expect([run(0), run(1)]).toEqual([40, 10]);
  });
});
