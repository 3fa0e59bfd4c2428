/** The same run, millisecond by millisecond and with nothing clever in it: what src/analysis/simulate is held against. */
import { arrivalPlaces } from '../../../src/analysis/simulate/arrivals.ts';
import { Random } from '../../../src/analysis/simulate/random.ts';
import type { World } from './random-worlds.ts';

export function slowRun({ graph, tasks, nodes, executor, startMs, platform: { direct } }: World) {
  const all = graph.groups.flatMap(({ size, first, waits, gates }, group) =>
    Array.from({ length: size }, (_, index) => {
      const needs = waits.filter(({ from }) => index >= from).map(({ gate, from, gateOf }) => ({ gate, key: gateOf[index - from] }));
      const feeds = gates.map((gate) => ({ gate, key: gate.gateOf[index] }));
      return {
        id: first + index,
        group,
        needs,
        feeds,
        state: 'waiting',
        attempts: 0,
        order: 0,
        submit: 0,
        start: Number.NaN,
        end: Number.NaN,
        seen: 0,
        node: 0,
      };
    }),
  );
  type Task = (typeof all)[number];
  const free = nodes.map((node) => ({ ...node }));
  const [pending, placing]: [Task[], Task[]] = [[], []];
  let [now, order, pollFrom, busyUntil, makespan, outcome, stored, nextFree, moved] = [0, 0, 0, 0, 0, '', 0, 0, false];
  const call = ({ group }: Task) => tasks.calls[group] as (typeof tasks.calls)[number];
  const asks = (task: Task) => call(task).ladders[tasks.ladderOf?.[task.id] ?? 0]?.[Math.min(task.attempts, 1)] as (typeof nodes)[number];
  const take = (task: Task, sign: number) => {
    const [{ cpus, memoryBytes }, node] = [asks(task), free[task.node] as (typeof free)[number]];
    Object.assign(node, { cpus: node.cpus - sign * cpus, memoryBytes: node.memoryBytes - sign * memoryBytes });
  };
  const inOrder = (state: string, test = (_: Task) => true) =>
    all.filter((task) => task.state === state && test(task)).sort((one, two) => one.order - two.order);
  const away = (test = (_: Task) => true) =>
    all.filter((task) => !['waiting', 'pending', 'done', 'nothing'].includes(task.state) && test(task)).length;

  const places = arrivalPlaces(graph, new Random(0));
  const inPlace = all.toSorted((one, two) => (places[one.id] as number) - (places[two.id] as number));
  const waysTo = (task: Task) =>
    task.needs
      .map(({ gate, key }) => ({ any: gate.any, by: all.filter(({ feeds }) => feeds.some((one) => one.gate === gate && one.key === key)) }))
      .filter(({ by }) => by.length > 0);
  const over = ({ state }: Task) => state === 'done' || state === 'nothing';
  function queueReady(): void {
    const waiting = ({ state }: Task) => state === 'waiting';
    // Who waits comes behind whom it waits for: what is never made is known in one pass.
    for (const task of all.filter(waiting))
      if (waysTo(task).some(({ by }) => by.every(({ state }) => state === 'nothing'))) task.state = 'nothing';
    for (const task of outcome === '' ? inPlace.filter(waiting) : [])
      if (waysTo(task).every(({ by, any }) => (any ? by.some(({ state }) => state === 'done') : by.every(over))))
        pending.push(Object.assign(task, { state: 'pending' }));
  }
  function permit(at: number): number {
    const price = executor.submitsPerSecond === undefined ? 0 : 1000 / executor.submitsPerSecond;
    if (at > nextFree) [stored, nextFree] = [Math.min(1000, stored + at - nextFree), at];
    const got = nextFree;
    [nextFree, stored] = [nextFree + Math.max(0, price - stored), Math.max(0, stored - price)];
    return got;
  }
  function hasRoom(task: Task): boolean {
    const scores = free.map(({ cpus, memoryBytes }, node) => {
      const [c, m, size] = [cpus - asks(task).cpus, memoryBytes - asks(task).memoryBytes, nodes[node] as (typeof nodes)[number]];
      return c < 0 || m < 0 ? -1 : c / size.cpus + m / size.memoryBytes;
    });
    task.node = scores.indexOf(Math.max(...scores));
    return Math.max(...scores) >= 0;
  }
  function begin(task: Task, at: number): void {
    const fails = (tasks.failures?.[task.id] ?? 0) > task.attempts;
    const length = Math.round((tasks.durationsMs[task.id] as number) * (fails ? (call(task).failsAfter ?? 1) : 1));
    Object.assign(task, { state: 'running', start: at + startMs, end: at + startMs + length });
  }
  function submit(): void {
    const going = pending.filter((task) => {
      const { maxForks } = call(task);
      if (
        (executor.queueSize > 0 && away() >= executor.queueSize) ||
        (maxForks > 0 && away(({ group }) => group === task.group) >= maxForks)
      )
        return false;
      if (direct && !hasRoom(task)) return false;
      if (direct) take(task, 1);
      task.state = 'going';
      return true;
    });
    let at = now;
    for (const task of going.length === 0 ? [] : pending.splice(0)) {
      at = permit(at);
      if (task.state === 'pending') pending.push(task);
      else {
        Object.assign(task, { state: 'sent', submit: at, order: order++ });
        if (direct) begin(task, at);
        at += executor.submitMs;
      }
    }
    if (going.length > 0) [busyUntil, moved] = [at, true];
  }
  function see(task: Task): void {
    const failed = (tasks.failures?.[task.id] ?? 0) > task.attempts || (tasks.peakMemory?.[task.id] ?? 0) > asks(task).memoryBytes;
    const { errorStrategy, maxRetries } = call(task);
    task.attempts += 1;
    task.state = failed ? 'nothing' : 'done';
    if (failed && errorStrategy === 'retry' && task.attempts <= maxRetries && outcome === '')
      pending.push(Object.assign(task, { state: 'pending' }));
    else if (failed && errorStrategy !== 'ignore' && outcome === '') outcome = errorStrategy === 'finish' ? 'finished' : 'terminated';
    if (outcome !== '') pending.length = 0;
    queueReady();
  }
  function collect(task: Task, index: number): void {
    Object.assign(task, { state: 'collected', seen: now + index * (executor.pollMs === 0 ? 0 : executor.collectMs) });
  }

  queueReady();
  for (; ; now += 1) {
    do {
      moved = false;
      for (const task of inOrder('running', ({ end }) => end === now)) {
        take(task, -1);
        [task.state, makespan, moved] = ['ended', now, true];
      }
      const ended = inOrder('ended', ({ end }) => end + executor.reportMs <= now);
      if (ended.length > 0 && (executor.pollMs === 0 || (now >= pollFrom && (now - pollFrom) % executor.pollMs === 0))) {
        ended.forEach(collect);
        pollFrom = now + Math.max(executor.pollMs, ended.length * executor.collectMs);
      }
      for (const task of inOrder('collected', ({ seen }) => seen === now)) see(task);
      if (outcome === 'terminated') return { all, outcome, makespan: now };
      if (now >= busyUntil) submit();
      for (const task of inOrder('sent', ({ submit }) => submit === now)) placing.push(Object.assign(task, { state: 'placing' }));
      for (const task of placing.splice(0)) {
        if (hasRoom(task)) {
          take(task, 1);
          begin(task, now);
          moved = true;
        } else placing.push(task);
      }
    } while (moved);
    // Whoever is away waits for room that nobody will leave.
    if (away() === placing.length && (pending.length === 0 || now > busyUntil)) {
      const left = all.some(({ state }) => state === 'waiting' || state === 'pending' || state === 'placing');
      return { all, outcome: outcome || (left ? 'stuck' : 'completed'), makespan };
    }
    if (now > 100_000) throw new Error('no end');
  }
}
