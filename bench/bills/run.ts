// What pipeopt says that a run cost, from its tasks alone, beside what AWS billed for it: npm run bills -- --traces DIR
//   --traces DIR   tables `NAME.tasks.csv` of Seqera Platform, with `NAME.cur.csv`, AWS's split cost rows, where there is a bill
//   --list         with the catalogue's prices, not those that the tables state
//   --detail       of each kind of machine what is said and what was billed
// The constants (RECORDED_RUN_CONSTANTS) were set on the run that SET_ON names; every other run is predicted.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { loadPrices } from '../../src/analysis/cost/catalogue.ts';
import { costOfRecordedRun, type RecordedTask } from '../../src/analysis/cost/recorded-run.ts';
import { costOfRun } from '../../src/analysis/cost/run-cost.ts';

const SET_ON = 'rnaseq__plainS3';
type Row = Readonly<Record<string, string>>;

const { values: options } = parseArgs({
  options: { traces: { type: 'string' }, detail: { type: 'boolean', default: false }, list: { type: 'boolean', default: false } },
});
if (options.traces === undefined) throw new Error('npm run bills -- --traces DIR: a folder with NAME.tasks.csv');
const folder = options.traces;
const prices = await loadPrices();

const table = (path: string): Row[] => parse(readFileSync(path, 'utf8'), { columns: true, skip_empty_lines: true });
const seconds = (text: string | undefined): number => Date.parse(text ?? '') / 1000;
const money = (amount: number): string => amount.toFixed(2).padStart(8);
const signed = (said: number, was: number): string =>
  `${said >= was ? '+' : '−'}${Math.abs(100 * (said / was - 1)).toFixed(1)} %`.padStart(9);

/** A cached task ran in another run, whose times it shows. */
function tasksOf(rows: readonly Row[]): RecordedTask[] {
  return rows
    .filter(({ status }) => status !== 'CACHED')
    .map((row) => ({
      call: row.process as string,
      machineType: row.machineType as string,
      zone: row.cloudZone as string,
      region: (row.cloudZone as string).replace(/[a-z]$/, ''),
      market: row.priceModel === 'spot' ? 'spot' : 'on-demand',
      cpus: Number(row.cpus),
      memoryBytes: Number(row.memory || 0),
      submit: seconds(row.submit),
      start: seconds(row.start),
      complete: seconds(row.complete),
      realtime: Number(row.realtime || 0) / 1000,
      useful: row.status === 'COMPLETED',
      ...(Number(row.cost) > 0 && !options.list ? { statedUsd: Number(row.cost) } : {}),
    }));
}

interface Bill {
  used: number;
  idle: number;
  /** Rows that AWS charged nothing for: hours of machines that it took away. */
  free: number;
  rows: number;
}

const billed = (row: Row): [number, number] => [Number(row.split_line_item_split_cost || 0), Number(row.split_line_item_unused_cost || 0)];

function billOf(rows: readonly Row[]): Bill {
  const bill: Bill = { used: 0, idle: 0, free: 0, rows: rows.length };
  for (const row of rows) {
    const [used, idle] = billed(row);
    bill.used += used;
    bill.idle += idle;
    if (used + idle === 0) bill.free += 1;
  }
  return bill;
}

console.log(`prices: ${options.list ? prices.id : 'as the tables state them for each kind of machine and zone'}\n`);
for (const name of readdirSync(folder)
  .filter((file) => file.endsWith('.tasks.csv'))
  .map((file) => file.slice(0, -'.tasks.csv'.length))
  .sort()) {
  const rows = table(join(folder, `${name}.tasks.csv`));
  const tasks = tasksOf(rows);
  const said = costOfRecordedRun(tasks, prices);
  const platform = rows.filter(({ status }) => status !== 'CACHED').reduce((sum, { cost }) => sum + Number(cost || 0), 0);
  const { priced } = said.expected;
  console.log(
    `${name}: ${tasks.length} tasks on ${said.machines.length} machines as rebuilt${said.foundWarm > 0 ? `, ${said.foundWarm} kinds found warm: shared` : ''}`,
  );
  console.log(`  Seqera's estimate   ${money(platform)}`);
  console.log(
    `  cost of tasks       ${money(said.taskCost.priced)}   of it staging and start ${money(said.stagingCost)} (${Math.round((100 * said.stagingCost) / said.taskCost.priced)} %)`,
  );
  const missing =
    said.expected.missing.length === 0 ? '' : `   without a price: ${said.expected.missing.map((one) => one.missing).join(', ')}`;
  console.log(
    `  the bill, as said   ${money(priced)}   range ${money(said.low)} ..${money(said.high)}; idle ${Math.round(100 * (1 - said.taskCost.priced / priced))} %${missing}`,
  );
  console.log(
    `  alone on machines   ${money(said.alone.machines.priced)}   ${said.alone.machineHours.toFixed(1)} machine hours, idle ${Math.round(100 * (said.alone.idleShare ?? 0))} %, retries ${money(said.alone.retries)}`,
  );
  const path = join(folder, `${name}.cur.csv`);
  if (existsSync(path)) {
    const items = table(path);
    const bill = billOf(items);
    const whole = bill.used + bill.idle;
    console.log(
      `  the bill            ${money(whole)}   used ${money(bill.used)} + idle ${money(bill.idle)} (${Math.round((100 * bill.idle) / whole)} %); ${bill.free} of ${bill.rows} rows for nothing`,
    );
    console.log(
      `  error of the bill   ${signed(priced, whole)}   alone ${signed(said.alone.machines.priced, whole)}, Seqera's ${signed(platform, whole)}   ${name.startsWith(SET_ON) ? 'constants were set here' : 'predicted'}`,
    );
    if (options.detail) detail(rows, items, tasks, said.machines);
  }
  console.log('');
}

function detail(
  rows: readonly Row[],
  items: readonly Row[],
  tasks: readonly RecordedTask[],
  machines: ReturnType<typeof costOfRecordedRun>['machines'],
): void {
  const kindOf = new Map(
    rows.map((row) => [(row.hash as string).replace('/', ''), `${row.machineType} ${row.cloudZone} ${row.priceModel}`]),
  );
  const bills = new Map<string, number>();
  for (const item of items) {
    const kind = kindOf.get((item.user_task_hash as string).slice(0, 8)) ?? 'no task of the table';
    bills.set(kind, (bills.get(kind) ?? 0) + billed(item)[0] + billed(item)[1]);
  }
  for (const [kind, bill] of [...bills].sort((a, b) => b[1] - a[1])) {
    const own = machines.filter(({ id }) => id.startsWith(`${kind} `));
    const ran = tasks.filter(({ machineType, zone, market }) => `${machineType} ${zone} ${market}` === kind).length;
    const cost = costOfRun({ machines: own, tasks: [] }, prices).machines.priced;
    console.log(
      `    ${kind.padEnd(32)} ${String(ran).padStart(4)} tasks ${String(own.length).padStart(3)} machines   said ${money(cost)}   billed ${money(bill)}`,
    );
  }
}
