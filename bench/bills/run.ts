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
const money = (amount: number): string => amount.toFixed(amount < 0.1 && amount > 0 ? 4 : 2).padStart(8);
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

console.log(`US dollars; prices ${options.list ? `of the ${prices.id}` : 'as the tables state them for each kind of machine and zone'}\n`);
const lines: string[][] = [
  ['run', 'tasks', 'estimate', 'scripts', 'staging', 'idle, boot', 'said', 'range', 'billed', 'error', 'error of estimate'],
];
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.tasks.csv'))
  .map((file) => file.slice(0, -'.tasks.csv'.length));
for (const name of names.sort()) {
  const rows = table(join(folder, `${name}.tasks.csv`));
  const tasks = tasksOf(rows);
  const said = costOfRecordedRun(tasks, prices);
  const { priced, missing } = said.expected;
  // Seqera Platform's, of the tasks that ran.
  const estimate = rows.filter(({ status }) => status !== 'CACHED').reduce((sum, { cost }) => sum + Number(cost || 0), 0);
  const shared = said.foundWarm > 0 ? `${said.foundWarm} kinds of them found warm, so others share them` : 'none found warm';
  console.log(
    `${name}: ${said.machines.length} machines as rebuilt, ${said.alone.machineHours.toFixed(1)} h, ${shared}; lost in retries ${money(said.alone.retries)}`,
  );
  if (missing.length > 0) console.log(`  without a price: ${missing.map((one) => one.missing).join(', ')}`);
  const row = [
    name.replace(/__[^_]*$/, ''),
    String(tasks.length),
    money(estimate),
    money(said.taskCost.priced - said.stagingCost),
    money(said.stagingCost),
    money(priced - said.taskCost.priced),
    money(priced),
    `${money(said.low)} ..${money(said.high)}`,
  ];
  const path = join(folder, `${name}.cur.csv`);
  if (existsSync(path)) {
    const items = table(path);
    const { used, idle, free, rows: all } = billOf(items);
    const bill = used + idle;
    console.log(
      `  bill: ${money(used)} used +${money(idle)} idle (${Math.round((100 * idle) / bill)} %); ${free} of ${all} rows charge nothing`,
    );
    row.push(money(bill), signed(priced, bill) + (name.startsWith(SET_ON) ? ' (set on)' : ''), signed(estimate, bill));
    if (options.detail) detail(rows, items, tasks, said.machines);
  }
  lines.push(row);
}
const widths = (lines[0] as string[]).map((_, column) => Math.max(...lines.map((row) => (row[column] ?? '').trim().length)));
console.log('');
for (const row of lines)
  console.log(
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] as number) : cell.trim().padStart(widths[column] as number)))
      .join('  '),
  );

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
