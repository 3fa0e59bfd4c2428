import { describe, expect, test } from 'vitest';
import { alwaysOnCost, coreHoursCost, transferCost } from '../../../src/analysis/cost/beside-machines.ts';
import { carbonOf } from '../../../src/analysis/cost/carbon.ts';
import { loadPrices } from '../../../src/analysis/cost/catalogue.ts';
import { totalOf } from '../../../src/analysis/cost/money.ts';
import { costOfRecordedRun, type RecordedTask } from '../../../src/analysis/cost/recorded-run.ts';
import { billedHours, costOfRun, type MachineUse, shareOf, type TaskUse } from '../../../src/analysis/cost/run-cost.ts';
import { cpuMs } from '../../cpu.ts';

const book = await loadPrices();
const GIB = 2 ** 30;
const HOUR = 3600;

/** m5.xlarge: 4 vCPUs, 16 GiB, 0.192 USD an hour in us-east-1. */
function machine(id: string, from: number, to: number, more: Partial<MachineUse> = {}): MachineUse {
  return { id, type: 'm5.xlarge', region: 'us-east-1', market: 'on-demand', from, to, ...more };
}

function task(call: string, on: string, from: number, to: number, more: Partial<TaskUse> = {}): TaskUse {
  return { call, machine: on, cpus: 2, memoryBytes: 8 * GIB, from, to, useful: true, ...more };
}

describe('a machine', () => {
  test('is paid by the second, and for a minute at least', () => {
    expect(billedHours(3600, 60)).toBe(1);
    expect(billedHours(90.2, 60)).toBe(91 / 3600);
    expect(billedHours(5, 60)).toBe(60 / 3600);
    expect(costOfRun({ machines: [machine('a', 0, 1)], tasks: [] }, book).total.priced).toBeCloseTo(0.192 / 60, 12);
  });
  test('has a disk that is paid as long', () => {
    // 100 GB at 0.08 a month of 730 h
    const { disks, total } = costOfRun({ machines: [machine('a', 0, HOUR, { diskGb: 100 })], tasks: [] }, book);
    expect(disks.priced).toBeCloseTo(0.010959, 6);
    expect(total.priced).toBeCloseTo(0.192 + 0.010959, 6);
  });
  test('of an unknown price leaves the run without a total, and says so', () => {
    const cost = costOfRun({ machines: [machine('a', 0, HOUR), machine('b', 0, 2 * HOUR, { type: 'lab-node' })], tasks: [] }, book, {
      samples: 2,
    });
    expect(totalOf(cost.total)).toBeUndefined();
    expect(cost).toMatchObject({ machineHours: 3, unpricedHours: 2, total: { missing: [{ missing: 'lab-node on demand in us-east-1' }] } });
    expect(cost.perSample).toBeUndefined();
  });
});

describe('a run', () => {
  test('is split among its calls by what they asked for, idle time beside them included', () => {
    // Half of the machine for one hour of two: a quarter of it used, three idle.
    const cost = costOfRun({ machines: [machine('a', 0, 2 * HOUR)], tasks: [task('ALIGN', 'a', 0, HOUR)] }, book, { samples: 4 });
    expect(cost.total.priced).toBeCloseTo(0.384, 12);
    expect(cost.used).toBeCloseTo(0.096, 12);
    expect(cost.idle).toBeCloseTo(0.288, 12);
    expect(cost.idleShare).toBeCloseTo(0.75, 12);
    expect(cost.calls).toEqual([{ call: 'ALIGN', tasks: 1, used: expect.closeTo(0.096, 12), idle: expect.closeTo(0.288, 12), retries: 0 }]);
    expect(cost.perSample).toBeCloseTo(0.096, 12);
  });
  test('tells what was spent on tries that came to nothing', () => {
    const tasks = [task('ALIGN', 'a', 0, HOUR, { useful: false }), task('ALIGN', 'a', HOUR, 2 * HOUR), task('SORT', 'a', HOUR, 2 * HOUR)];
    const cost = costOfRun({ machines: [machine('a', 0, 2 * HOUR)], tasks }, book);
    expect(cost.retries).toBeCloseTo(0.384 / 3, 12);
    expect(cost.calls.map(({ call, retries }) => [call, retries > 0])).toEqual([
      ['ALIGN', true],
      ['SORT', false],
    ]);
  });
  test('calls, idle machines and all add up to the bill', () => {
    const machines = [
      machine('a', 0, 5 * HOUR),
      machine('b', HOUR, 3 * HOUR, { type: 'c6i.4xlarge', market: 'spot' }),
      machine('c', 0, 600),
    ];
    const tasks = Array.from({ length: 40 }, (_, at) =>
      task(`CALL_${at % 7}`, at % 3 === 0 ? 'a' : 'b', HOUR + at * 30, HOUR + at * 30 + 500, {
        cpus: 1 + (at % 2),
        memoryBytes: (at % 5) * GIB,
      }),
    );
    const cost = costOfRun({ machines, tasks }, book);
    const ofCalls = cost.calls.reduce((sum, { used, idle }) => sum + used + idle, 0);
    expect(ofCalls + cost.unattributed).toBeCloseTo(cost.machines.priced, 12);
    expect(cost.used + cost.idle).toBeCloseTo(cost.machines.priced, 12);
    expect(cost.unattributed).toBeCloseTo(0.192 / 6, 12);
  });
  test('shares of tasks that ask for more than there is are cut to what there is', () => {
    const tasks = [1, 2, 3].map((at) => task(`CALL_${at}`, 'a', 0, HOUR, { cpus: 4, memoryBytes: 16 * GIB }));
    const cost = costOfRun({ machines: [machine('a', 0, HOUR)], tasks }, book);
    expect(cost.used).toBeCloseTo(0.192, 12);
    expect(cost.idle).toBe(0);
  });
  test('law: more hours are never cheaper', () => {
    let before = 0;
    for (let to = 10; to < 10 * HOUR; to += 997) {
      const { priced } = costOfRun({ machines: [machine('a', 0, to, { market: 'spot', diskGb: 50 })], tasks: [] }, book).total;
      expect(priced).toBeGreaterThanOrEqual(before);
      before = priced;
    }
  });
  test('a fault in the schedule is told', () => {
    expect(() => costOfRun({ machines: [machine('a', 5, 4)], tasks: [] }, book)).toThrow('a ends before it begins');
    expect(() => costOfRun({ machines: [machine('a', Number.NaN, 4)], tasks: [] }, book)).toThrow('a ends before it begins');
    expect(() => costOfRun({ machines: [], tasks: [task('ALIGN', 'b', 0, 1)] }, book)).toThrow(
      'ALIGN ran on b, which is no machine of this run',
    );
  });
  test('of a million tasks takes no time to speak of', () => {
    const machines = Array.from({ length: 1000 }, (_, at) => machine(String(at), 0, 100 * HOUR));
    const tasks = Array.from({ length: 1_000_000 }, (_, at) => task(`CALL_${at % 50}`, String(at % 1000), at, at + 100));
    const before = cpuMs();
    costOfRun({ machines, tasks }, book);
    expect(cpuMs() - before).toBeLessThan(4000);
  });
  test('who has all the GPUs of a machine has the machine', () => {
    const shape = { vcpus: 192, memoryGib: 768, gpus: 8 };
    expect(shareOf({ cpus: 4, memoryBytes: GIB, gpus: 8 }, shape)).toBe(1);
    expect(shareOf({ cpus: 4, memoryBytes: GIB, gpus: 1 }, shape)).toBe(1 / 8);
    expect(shareOf({ cpus: 4, memoryBytes: GIB }, shape)).toBeLessThan(0.02);
  });
  test('the whole of a machine is a share of one, and what fits side by side never more', () => {
    const shape = { vcpus: 4, memoryGib: 16 };
    expect(shareOf({ cpus: 4, memoryBytes: 16 * GIB }, shape)).toBe(1);
    expect(shareOf({ cpus: 3, memoryBytes: 2 * GIB }, shape) + shareOf({ cpus: 1, memoryBytes: 14 * GIB }, shape)).toBeCloseTo(1, 12);
  });
});

describe('beside machines', () => {
  test('an always-on cluster costs its hours, whatever runs', () => {
    const parts = [
      { type: 'm5.xlarge', region: 'us-east-1', market: 'on-demand', count: 3 },
      { type: 'r5.large', region: 'us-east-1', market: 'on-demand', count: 1 },
    ] as const;
    // 3 × 0.192 + 0.126
    expect(totalOf(alwaysOnCost(book, parts, 10))).toBeCloseTo(7.02, 12);
    expect(totalOf(coreHoursCost(book, 100))).toBeUndefined();
  });
  test('a core hour of the user’s', async () => {
    expect(totalOf(coreHoursCost(await loadPrices({ 'core-hour': 0.03 }), 100))).toBeCloseTo(3, 12);
  });
  test('transfer: nothing within a region, by the GB out of it, more through a gateway', () => {
    const move = { gb: 100, provider: 'aws', region: 'us-east-1' } as const;
    expect(totalOf(transferCost(book, { ...move, to: 'us-east-1' }))).toBe(0);
    expect(totalOf(transferCost(book, { ...move, to: 'eu-west-1' }))).toBeCloseTo(2, 12);
    expect(totalOf(transferCost(book, { ...move, to: 'internet' }))).toBeCloseTo(9, 12);
    expect(totalOf(transferCost(book, { ...move, to: 'us-east-1', throughNat: true }))).toBeCloseTo(4.5, 12);
    expect(totalOf(transferCost(book, { ...move, provider: 'azure', region: 'eastus', to: 'internet' }))).toBeUndefined();
  });
});

describe('carbon', () => {
  test('is drawn by processors and memory, times overhead and grid', () => {
    // c6i.large, Ice Lake: 2 × (0.767 + 0.5 × (3.758 − 0.767)) = 4.525 W; 4 GiB × 0.392 W = 1.568 W; × 1.135 × 316 g/kWh in Ireland
    const { grams, kilowattHours, missing } = carbonOf([machine('a', 0, 1000 * HOUR, { type: 'c6i.large', region: 'eu-west-1' })], book);
    expect(kilowattHours.expected).toBeCloseTo((4.525 + 1.568) * 1.135, 3);
    expect(grams.expected).toBeCloseTo((4.525 + 1.568) * 1.135 * 316, 0);
    expect(grams.low).toBeCloseTo((2 * 0.767 + 1.568) * 1.135 * 316, -1);
    expect(grams.high).toBeCloseTo((2 * 3.758 + 1.568) * 1.135 * 316, -1);
    expect(missing).toEqual([]);
  });
  test('says which factor is not known', () => {
    const { grams, missing } = carbonOf(
      [
        machine('a', 0, HOUR, { type: 'n2-standard-4', region: 'us-central1' }),
        machine('b', 0, HOUR, { type: 'lab-node', region: 'home' }),
      ],
      book,
    );
    expect(grams).toEqual({ low: 0, expected: 0, high: 0 });
    expect(missing.map((one) => one.missing)).toEqual([
      'watts of n2-standard-4',
      'overhead of gcp data centres',
      'watts of lab-node',
      'overhead of own data centres',
      'grid of home',
    ]);
  });
});

describe('a recorded run', () => {
  const recorded = (call: string, submit: number, start: number, complete: number, more: Partial<RecordedTask> = {}): RecordedTask => ({
    call,
    machineType: 'm5.xlarge',
    zone: 'us-east-1a',
    region: 'us-east-1',
    market: 'on-demand',
    cpus: 2,
    memoryBytes: 4 * GIB,
    submit,
    start,
    complete,
    realtime: (complete - start) / 2,
    useful: true,
    ...more,
  });
  test('is put on as few machines as held its tasks, boot and tail included', () => {
    const tasks = [
      recorded('A', 0, 200, 3800),
      recorded('B', 0, 200, 3800),
      recorded('C', 100, 300, 3800),
      recorded('D', 3790, 3810, 7410),
    ];
    const cost = costOfRecordedRun(tasks, book);
    expect(cost.machines.map(({ from, to }) => [from, to])).toEqual([
      [110, 7500],
      [210, 3890],
    ]);
    expect(cost.foundWarm).toBe(0);
    // 7,390 s and 3,680 s
    expect(cost.expected.priced).toBeCloseTo((0.192 * 11_070) / 3600, 10);
    // Half a machine each, for 3 × 3,600 and 3,500 seconds; half of it was no script
    expect(cost.taskCost.priced).toBeCloseTo((0.096 * 14_300) / 3600, 10);
    expect(cost.stagingCost).toBeCloseTo(cost.taskCost.priced / 2, 10);
  });
  test('memory that Linux does not see holds nothing', () => {
    const two = [1, 2].map(() => recorded('A', 0, 200, 800, { memoryBytes: 8 * GIB }));
    expect(costOfRecordedRun(two, book).machines).toHaveLength(2);
  });
  test('on a machine that was warm before anything of it ran is shared: between full machines and machines alone', () => {
    const cost = costOfRecordedRun([recorded('A', 190, 200, 3800, { cpus: 1, memoryBytes: GIB })], book);
    expect(cost.foundWarm).toBe(1);
    expect(cost.low).toBeCloseTo(0.048, 10);
    expect(cost.expected.priced).toBeCloseTo(Math.sqrt(cost.low * cost.high), 10);
  });
  test('takes the prices that the platform put down for its tasks', () => {
    // a quarter of the machine for an hour at 0.03: 0.12 an hour
    const cost = costOfRecordedRun([recorded('A', 0, 200, 3800, { cpus: 1, memoryBytes: GIB, statedUsd: 0.03 })], book);
    expect(cost.taskCost.priced).toBeCloseTo(0.03, 10);
    expect(cost.expected.priced).toBeCloseTo((0.12 * 3780) / 3600, 10);
    // 6 of 16 GiB are as much as 1.5 vCPUs, which the platform counts as two
    const [half] = costOfRecordedRun([recorded('A', 0, 200, 3800, { cpus: 1, memoryBytes: 6 * GIB, statedUsd: 0.06 })], book).machines;
    expect(half?.price?.amount).toBeCloseTo(0.12, 10);
  });
  test('of tasks without length, or of unknown machines, makes no number up', () => {
    expect(costOfRecordedRun([], book).expected).toMatchObject({ priced: 0, missing: [] });
    const cost = costOfRecordedRun([recorded('A', 0, 0, 0), recorded('B', 0, 100, 200, { machineType: 'x9.huge' })], book);
    expect(cost.expected.missing).toMatchObject([{ missing: 'x9.huge on demand in us-east-1' }]);
    expect(Number.isFinite(cost.expected.priced)).toBe(true);
    expect(() => costOfRecordedRun([recorded('A', 0, 100, 50)], book)).toThrow('ends before it begins');
  });
});
