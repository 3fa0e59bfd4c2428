/** From what the user calls a platform (`slurm:20x32,128GB`, `aws-batch`) to the model of it, with what was taken for granted about it. */
import { memoryFrom } from '../../../parser/evaluate/units.ts';
import { nearest } from '../../../source/nearest.ts';
import { figure, memoryText } from '../../amounts.ts';
import { alwaysOnCost, type ClusterPart } from '../../cost/beside-machines.ts';
import { isMissing, totalOf } from '../../cost/money.ts';
import type { Machine, PriceBook, Provider } from '../../cost/price-book.ts';
import { HOURS_A_MONTH } from '../../cost/run-cost.ts';
import type { Uncertainty } from '../../estimate/uncertainty.ts';
import { listOf } from '../../words.ts';
import { awsBatch } from './aws-batch.ts';
import { azureBatch } from './azure-batch.ts';
import type { Nodes } from './fixed-fleet.ts';
import { googleBatch } from './google-batch.ts';
import { kubernetes } from './kubernetes.ts';
import { local } from './local.ts';
import { cpusHolding, type InstanceType } from './packing.ts';
import type { Executor, Platform, Waiting } from './platform.ts';
import type { Capacity } from './room.ts';
import { slurm } from './slurm.ts';

export interface PlatformOptions {
  /**
   * `local:16,64GB`, `slurm:20x32,128GB` (nodes, cpus, memory of each; `slurm:20x32,128GB,4gpus`), `slurm:20xm6i.8xlarge` (machines of a cloud that are always on), `kubernetes:…` likewise,
   * `aws-batch`, `google-batch`, `azure-batch`. What stands behind a cloud's name goes before the options below: `aws-batch:spot,eu-west-1,512cpus`.
   */
  readonly name: string;
  /** All cpus that there are, or that may be rented at once. */
  readonly maxCpus?: number;
  /** `64GB`: of the machine that is `local`. */
  readonly maxMemory?: string;
  readonly spot?: boolean;
  /** Of clouds, and machines of theirs that are always on, as the provider names it; its first one where it is not given. */
  readonly region?: string;
  /** Of these: what machines there are. */
  readonly prices?: PriceBook;
  /** Calls that run elsewhere; of several that match one the last counts. */
  readonly routes?: readonly Route[];
}

export interface Route {
  /** Which calls, as selectors of a config name them: `CELLPOSE`, `.*:QC:.*|withLabel:gpu`. */
  readonly calls: string;
  readonly to: PlatformOptions;
}

export interface ChosenPlatform {
  readonly platform: Platform;
  readonly name: PlatformName;
  /** For people, after "on". */
  readonly text: string;
  readonly spot: boolean;
  readonly region?: string;
  /** Whose the machines are, where they are of a cloud. */
  readonly provider?: Provider;
  /** Machines that are paid for whether tasks run on them or not; money for a month of them, where their price is known. */
  readonly alwaysOn?: ClusterPart & { readonly perMonth?: number };
  /** Where machines are there all the time: what a task can have of one. */
  readonly machine?: Capacity;
  /** Of clouds: the machines among which it chooses, and how many cpus they may have in all. */
  readonly types?: readonly InstanceType[];
  /** Tasks get the GPUs that they ask for, or find no room; otherwise they run as if they asked for none. */
  readonly countsGpus?: true;
  readonly maxCpus?: number;
  /** Of clouds: cpus of the machines that hold so many tasks at once, and are fullest. */
  readonly cpusFor?: (waiting: readonly Waiting[]) => number;
  /** Where other calls run: the second part of the platform and those behind it. All else here is the first's. */
  readonly routed?: readonly RoutedPart[];
  readonly assumptions: readonly string[];
}

export interface RoutedPart {
  readonly chosen: ChosenPlatform;
  /** Their names. */
  readonly calls: readonly string[];
}

/** What the user says of a platform that does not fit. */
export class UnknownPlatform extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.name = 'UnknownPlatform';
    this.hint = hint;
  }
}

export const PLATFORM_NAMES = ['local', 'slurm', 'kubernetes', 'aws-batch', 'google-batch', 'azure-batch'] as const;
export type PlatformName = (typeof PLATFORM_NAMES)[number];

interface Cloud {
  readonly provider: Provider;
  /** Families among which machines are chosen: general ones, with much memory, with little. */
  readonly families: readonly string[];
  /** Those that have GPUs, where tasks ask for some. Absent: GPUs are not looked at. */
  readonly gpuFamilies?: readonly string[];
}

const CLOUDS: Readonly<Partial<Record<PlatformName, Cloud>>> = {
  'aws-batch': { provider: 'aws', families: ['c6i', 'm6i', 'r6i'], gpuFamilies: ['g4dn', 'g5'] },
  'google-batch': { provider: 'gcp', families: ['n2-highcpu', 'n2-standard', 'n2-highmem'] },
  'azure-batch': { provider: 'azure', families: [] },
};
/** The pool of Azure Batch has machines of one size: of these the cheapest that holds what is asked for. */
const AZURE_SIZES = ['Standard_D8s_v3', 'Standard_D16s_v3', 'Standard_E16s_v3', 'Standard_D96s_v5', 'Standard_E96s_v5'];
/** Those only where the limit of cpus leaves no other: for small tasks Nextflow looks for a machine of four times what they ask for (AzBatchService). */
const AZURE_SMALL_SIZES = ['Standard_D2s_v3', 'Standard_D4s_v3', 'Standard_E4s_v3', 'Standard_E8s_v3'];
/** Kubernetes looks at each of them for each task. */
const MOST_NODES = 2000;
/** What the console of AWS Batch proposes for a compute environment. */
const USUAL_VCPUS = 256;
const MODELLED = 'machines and tasks take as long to start as docs/model.md says of the platform';
/** What Nextflow itself takes for a task on a machine of two cores, medians of the runs of fixtures/capacities: submission, one after another, and the start of its wrapper. */
const LOCAL_SUBMIT_MS = 50;
const LOCAL_START_MS = 70;
/** Of a machine's nominal memory where nobody has measured what tasks can have of it. */
const USABLE = 0.93;
/** What Nextflow's `maxSpotAttempts` was before 24.10. */
const SPOT_ATTEMPTS = 5;

/** What a pipeline's config says in its scope `executor`. */
export interface ExecutorSettings {
  readonly executor: Partial<Executor>;
  /** Of the local executor: it counts to these, whatever the machine has. */
  readonly cpus?: number;
  readonly memoryBytes?: number;
}

/** What a pipeline asks for at most at once, and what its config says. */
export interface PlatformNeeds extends ExecutorSettings {
  readonly mostCpus: number;
  readonly mostMemory: number;
  /** GPUs of one task. */
  readonly mostAccelerators?: number;
  /** In place of the platform's own figures. */
  readonly figures?: Uncertainty['platform'];
}

/** @throws UnknownPlatform */
export function choosePlatform(given: PlatformOptions, needs: PlatformNeeds): ChosenPlatform {
  const { name, size } = named(given.name);
  const options = plainOptions(given);
  const cloud = CLOUDS[name];
  if (cloud !== undefined) return rented(name, cloud, options, needs);
  const isAlwaysOn = name !== 'local' && alwaysOnIn(size) !== undefined;
  if (options.region !== undefined && !isAlwaysOn) throw new UnknownPlatform(`--region: ${name} is in none`, 'leave it out');
  if (options.spot === true) throw new UnknownPlatform(`--spot: ${name} rents no machines`, 'it is for aws-batch and google-batch');
  return name === 'local' ? localMachine(size, options, needs) : cluster(name === 'slurm' ? name : 'kubernetes', size, options, needs);
}

/** @throws UnknownPlatform */
function named(text: string): { readonly name: PlatformName; readonly size: string | undefined } {
  const [given = '', size] = text.split(/:(.*)/s);
  const name = PLATFORM_NAMES.find((one) => one === given);
  if (name !== undefined) return { name, size };
  const start = PLATFORM_NAMES.find((one) => given.length > 1 && one.startsWith(given.toLowerCase()));
  const near = start ?? nearest(given, PLATFORM_NAMES)[0];
  throw new UnknownPlatform(
    `--platform${given === '' ? '' : ` ${given}`}: not one of ${PLATFORM_NAMES.join(', ')}`,
    near === undefined ? 'such as --platform slurm:20x32,128GB' : `did you mean ${near}?`,
  );
}

const MARKETS = ['spot', 'on-demand'] as const;

/**
 * With what stands behind a cloud's name among the options, where it goes before what they say.
 * @throws UnknownPlatform
 */
export function plainOptions(options: PlatformOptions): PlatformOptions {
  const { name, size } = named(options.name);
  if (CLOUDS[name] === undefined || size === undefined) return options;
  const said: { spot?: boolean; region?: string; maxCpus?: number } = {};
  for (const word of size.split(',').map((one) => one.trim())) {
    const [, cpus] = /^(\d{1,9})cpus?$/.exec(word) ?? [];
    const known = (options.prices?.regionsOf(CLOUDS[name].provider) ?? []).includes(word);
    if (cpus !== undefined) said.maxCpus = Number(cpus);
    else if (MARKETS.some((market) => market === word)) said.spot = word === 'spot';
    else if (known) said.region = word;
    else if (/^[a-z]/i.test(word)) {
      const [near] = nearest(word, [...MARKETS, ...(options.prices?.regionsOf(CLOUDS[name].provider) ?? [])]);
      throw new UnknownPlatform(
        `--platform ${options.name}: ${word} is neither spot nor on-demand nor a region of ${name} whose machines are known`,
        near === undefined
          ? `such as --platform ${name}:spot,${options.prices?.regionsOf(CLOUDS[name].provider)[0]}`
          : `did you mean ${near}?`,
      );
    } else
      throw new UnknownPlatform(
        `--platform ${options.name}: machines are rented as they are needed`,
        `--max-cpus limits them, for one platform alone --platform ${name}:512cpus`,
      );
  }
  return { ...options, name, ...said };
}

/** Which of the options that are said for several platforms at once it can have. @throws UnknownPlatform */
export function takes({
  name: given,
  region,
  prices,
}: PlatformOptions): Readonly<Record<'maxCpus' | 'maxMemory' | 'spot' | 'region', boolean>> {
  const { name, size } = named(given);
  const provider = CLOUDS[name]?.provider ?? prices?.machine(alwaysOnIn(size)?.type ?? '')?.provider;
  return {
    maxCpus: name !== 'local' || size === undefined,
    maxMemory: name === 'local' && size?.includes(',') !== true,
    spot: name === 'aws-batch' || name === 'google-batch',
    region: region !== undefined && provider !== undefined && prices?.regionsOf(provider).includes(region) === true,
  };
}

function localMachine(
  size: string | undefined,
  { name, maxCpus, maxMemory }: PlatformOptions,
  { executor, ...settings }: PlatformNeeds,
): ChosenPlatform {
  const [cpus, memory] =
    size === undefined ? [maxCpus, maxMemory] : [Number(/^\d{1,6}(?=,|$)/.exec(size)?.[0]), size.split(',')[1] ?? maxMemory];
  const memoryBytes = memory === undefined ? undefined : machineMemory(memory);
  if (cpus === undefined || !(cpus >= 1) || memoryBytes === undefined)
    throw new UnknownPlatform(
      `--platform ${name}: ${unitless(memory) ?? 'how large is the machine?'}`,
      'such as --platform local:16,64GB, or --max-cpus 16 --max-memory 64GB',
    );
  if (size !== undefined && maxCpus !== undefined)
    throw new UnknownPlatform(`--max-cpus: --platform ${name} says how many there are`, 'leave it out');
  const used = { cpus: Math.min(cpus, settings.cpus ?? cpus), memoryBytes: Math.min(memoryBytes, settings.memoryBytes ?? memoryBytes) };
  const isPart = used.cpus < cpus || used.memoryBytes < memoryBytes;
  return {
    platform: local({
      ...used,
      queueSize: Math.floor(cpus),
      executor: { submitMs: LOCAL_SUBMIT_MS, ...executor },
      startMs: LOCAL_START_MS,
    }),
    name: 'local',
    text: `one machine of ${counted(cpus, 'cpu')} and ${memoryText(memoryBytes)}`,
    spot: false,
    machine: used,
    assumptions: isPart
      ? [
          `Nextflow uses ${counted(used.cpus, 'cpu')} and ${memoryText(used.memoryBytes)} of the machine, as executor.cpus and executor.memory say`,
        ]
      : [],
  };
}

interface Cluster {
  readonly count: number;
  readonly size: Capacity;
  /** What each node is, with the region. */
  readonly text: string;
  readonly alwaysOn?: Omit<ClusterPart, 'count'>;
}

function cluster(
  name: 'slurm' | 'kubernetes',
  size: string | undefined,
  options: PlatformOptions,
  { executor, figures }: PlatformNeeds,
): ChosenPlatform {
  const { count, size: node, text, alwaysOn } = typedCluster(size, options) ?? sizedCluster(name, size, options);
  if (count > MOST_NODES)
    throw new UnknownPlatform(`--platform ${options.name}: more than ${MOST_NODES} nodes`, 'fewer, larger ones come to the same');
  if (options.maxMemory !== undefined)
    throw new UnknownPlatform(`--max-memory: the nodes of --platform ${options.name} say how much there is`, 'leave it out');
  // Fewer nodes: those that the user may have at once.
  const most = options.maxCpus === undefined ? count : Math.min(count, Math.floor(options.maxCpus / node.cpus));
  if (most < 1) throw new UnknownPlatform(`--max-cpus ${options.maxCpus}: less than a node of ${options.name} has`, 'name smaller nodes');
  const nodes: Nodes[] = [{ count: most, ...node }];
  const prices = options.prices as PriceBook;
  const kept = alwaysOn ? keptOn({ ...alwaysOn, count: most }, node, prices) : {};
  return {
    platform: name === 'slurm' ? slurm({ nodes, executor }) : kubernetes({ nodes, executor, ...figures }),
    name,
    text: `${counted(most, 'node')} of ${text} under ${name === 'slurm' ? 'Slurm' : 'Kubernetes'}`,
    spot: false,
    machine: node,
    countsGpus: true,
    ...kept,
    assumptions: ['nobody else uses the cluster', MODELLED, ...(alwaysOn ? idleAssumption(kept, prices) : [])],
  };
}

/** `128GB`, `128 gib`; undefined: without a unit it would be bytes, which nobody means. */
function machineMemory(text: string): number | undefined {
  const unit = /^([\d.]+)\s*([KMGTP])(i?B)?$/i.exec(text.trim());
  return unit === null ? undefined : memoryFrom(`${unit[1]} ${(unit[2] as string).toUpperCase()}B`)?.bytes;
}

function unitless(memory: string | undefined): string | undefined {
  return /^[\d.]+$/.test(memory?.trim() ?? '') ? `the memory, ${memory}, has no unit` : undefined;
}

function sizedCluster(name: string, size: string | undefined, options: PlatformOptions): Cluster {
  const [, count, cpus, memory, gpus] = /^(\d{1,6})x(\d{1,6}),(.+?)(?:,\s*(\d{1,4}) ?gpus?)?$/i.exec(size ?? '') ?? [];
  const memoryBytes = memory === undefined ? undefined : machineMemory(memory);
  if (memoryBytes === undefined || Number(count) < 1 || Number(cpus) < 1)
    throw new UnknownPlatform(
      `--platform ${options.name}: ${unitless(memory) ?? 'how many nodes, of what size?'}`,
      `such as --platform ${name}:20x32,128GB, or ${name}:20xm6i.8xlarge for machines of a cloud that are always on`,
    );
  const node = sizeOf(Number(cpus), memoryBytes, Number(gpus ?? 0));
  return { count: Number(count), size: node, text: listOf([counted(node.cpus, 'cpu'), memoryText(memoryBytes), ...gpusIn(node)]) };
}

function sizeOf(cpus: number, memoryBytes: number, gpus: number): Capacity {
  return { cpus, memoryBytes, ...(gpus > 0 && { accelerators: gpus }) };
}

function gpusIn({ accelerators = 0 }: Capacity): string[] {
  return accelerators > 0 ? [counted(accelerators, 'GPU')] : [];
}

/** `20xm6i.8xlarge`, `20xm6i.8xlarge,eu-west-1`. */
function alwaysOnIn(size: string | undefined): { readonly count: number; readonly type: string; readonly region?: string } | undefined {
  const [, count, type, region] = /^(\d{1,6})x([a-z][^,\s]*)(?:,\s*([^,\s]+))?$/i.exec(size ?? '') ?? [];
  return type === undefined ? undefined : { count: Number(count), type, ...(region !== undefined && { region }) };
}

function typedCluster(size: string | undefined, options: PlatformOptions): Cluster | undefined {
  const { prices } = options;
  const given = alwaysOnIn(size);
  if (given === undefined || given.count < 1) return undefined;
  if (prices === undefined) throw new RangeError('what machines a cloud has is in the price book');
  const machine = prices.machine(given.type);
  if (machine === undefined) {
    const [near] = nearest(
      given.type,
      [...prices.machines()].map(({ name }) => name),
    );
    throw new UnknownPlatform(
      `--platform ${options.name}: no machine ${given.type} is known`,
      near === undefined ? `pipeopt prices ${given.type.replace(/[.-].*/, '')} lists such` : `did you mean ${near}?`,
    );
  }
  const region = given.region ?? options.region ?? prices.regionsOf(machine.provider)[0] ?? prices.declaredRegions[0] ?? machine.provider;
  const price = prices.hour(machine.name, region, 'on-demand');
  if (isMissing(price)) throw new UnknownPlatform(`--platform ${options.name}: no price for ${price.missing}`, price.hint);
  const node = sizeOf(machine.vcpus, usableOf(machine), machine.gpus);
  const memory = `${memoryText(Math.floor(node.memoryBytes / 2 ** 30) * 2 ** 30)} for tasks`;
  return {
    count: given.count,
    size: node,
    text: `${machine.name} (${[counted(node.cpus, 'cpu'), memory, ...gpusIn(node)].join(', ')}) in ${region}, always on,`,
    alwaysOn: { type: machine.name, region, market: 'on-demand' },
  };
}

function keptOn(part: ClusterPart, size: Capacity, prices: PriceBook): Pick<ChosenPlatform, 'alwaysOn' | 'provider' | 'types'> {
  const provider = prices.machine(part.type)?.provider;
  const price = prices.hour(part.type, part.region, part.market);
  const perMonth = totalOf(alwaysOnCost(prices, [part], HOURS_A_MONTH));
  return {
    alwaysOn: { ...part, ...(perMonth !== undefined && { perMonth }) },
    ...(provider && { provider }),
    ...(!isMissing(price) && { types: [{ name: part.type, ...size, usdPerHour: price.amount }] }),
  };
}

function idleAssumption({ alwaysOn }: Pick<ChosenPlatform, 'alwaysOn'>, { currency }: PriceBook): string[] {
  if (alwaysOn?.perMonth === undefined) return [];
  const { count, type, perMonth } = alwaysOn;
  return [
    `${count} ${type} are counted for as long as the run takes; always on they cost ${figure(perMonth)} ${currency} a month, whatever runs`,
  ];
}

/** Machines of a cloud among which is chosen; none of what is no cloud. */
export function rentable(name: PlatformName, prices: PriceBook, withGpus = false): Machine[] {
  const cloud = CLOUDS[name];
  if (cloud === undefined) return [];
  const families = [...cloud.families, ...(withGpus ? (cloud.gpuFamilies ?? []) : [])];
  return [...prices.machines()].filter(
    ({ provider, family, name: type }) =>
      provider === cloud.provider && (families.includes(family) || AZURE_SIZES.includes(type) || AZURE_SMALL_SIZES.includes(type)),
  );
}

function rented(
  name: PlatformName,
  { provider, families, gpuFamilies }: Cloud,
  options: PlatformOptions,
  needs: PlatformNeeds,
): ChosenPlatform {
  const { prices, spot = false, maxCpus = USUAL_VCPUS } = options;
  if (prices === undefined) throw new RangeError('what machines a cloud has is in the price book');
  if (options.maxMemory !== undefined)
    throw new UnknownPlatform('--max-memory: machines are rented as they are needed', '--max-cpus limits them');
  const regions = prices.regionsOf(provider);
  const region = options.region ?? (regions[0] as string);
  if (!regions.includes(region)) {
    const [near] = nearest(region, [...regions]);
    throw new UnknownPlatform(
      `--region ${region}: no region of ${name} whose machines are known`,
      near === undefined ? `known: ${regions.join(', ')}` : `did you mean ${near}?`,
    );
  }
  const market = spot ? 'spot' : 'on-demand';
  const withGpus = gpuFamilies !== undefined && (needs.mostAccelerators ?? 0) > 0;
  const types = rentable(name, prices, withGpus)
    .flatMap((machine): InstanceType[] => {
      const price = prices.hour(machine.name, region, market);
      const hazard = spot ? prices.hazard(machine.name, region)?.expected : undefined;
      if (isMissing(price)) return [];
      return [
        {
          name: machine.name,
          cpus: machine.vcpus,
          memoryBytes: usableOf(machine),
          ...(machine.gpus > 0 && { accelerators: machine.gpus }),
          usdPerHour: price.amount,
          ...(hazard !== undefined && { hazardPerHour: hazard }),
        },
      ];
    })
    .sort((one, two) => one.usdPerHour - two.usdPerHour);
  if (types.length === 0) {
    const [one] = rentable(name, prices).map((machine) => prices.hour(machine.name, region, market));
    // Each lacks one for the same reason: a currency without an exchange, a region without spot.
    const hint = one !== undefined && isMissing(one) ? one.hint : 'give some in a file: --prices FILE';
    throw new UnknownPlatform(
      `--platform ${name}: no machine has a price in ${region}${spot ? ' on spot' : ''}${prices.currency === 'USD' ? '' : ` in ${prices.currency}`}`,
      hint,
    );
  }
  const assumptions = options.maxCpus === undefined ? [`at most ${USUAL_VCPUS} cpus are rented at once; --max-cpus gives your limit`] : [];
  assumptions.push(MODELLED);
  const common = { executor: needs.executor, ...(needs.figures?.bootMs && { bootMs: needs.figures.bootMs }) };
  const text = `${name} in ${region}${spot ? ' on spot' : ''}, at most ${counted(maxCpus, 'cpu')} at once`;
  const chosen = { name, text, spot, provider, region, maxCpus, ...(withGpus && { countsGpus: true as const }) };
  if (name === 'azure-batch') {
    if (spot) throw new UnknownPlatform('--spot: not modelled for azure-batch', 'it is for aws-batch and google-batch');
    const within = types.filter(({ cpus }) => cpus <= maxCpus);
    const holding = within.filter(({ cpus, memoryBytes }) => cpus >= needs.mostCpus && memoryBytes >= needs.mostMemory);
    // Where none holds every task there is one all the same: the run says who has no room.
    const vmType = holding.find((type) => AZURE_SIZES.includes(type.name)) ?? holding[0] ?? within.at(-1) ?? (types[0] as InstanceType);
    const most = Math.floor(maxCpus / vmType.cpus);
    assumptions.push(`the pool has machines of one size, ${vmType.name}: the cheapest that holds every task`);
    const cpusFor = (waiting: readonly Waiting[]): number => cpusHolding([vmType], waiting);
    return {
      ...chosen,
      types: [vmType],
      cpusFor,
      platform: azureBatch({ ...common, vmType, vmCount: Math.min(1, most), maxVmCount: most }),
      assumptions,
    };
  }
  assumptions.push(`machines are of ${families.join(', ')}`);
  if (withGpus) assumptions.push(`tasks that ask for GPUs run on machines of ${gpuFamilies.join(', ')}: whatever kind of GPU they name`);
  if (spot) {
    assumptions.push(
      `a task whose machine is taken away begins anew, up to ${SPOT_ATTEMPTS} times (maxSpotAttempts), which is not Nextflow’s default`,
    );
    if (types.every(({ hazardPerHour }) => hazardPerHour === undefined))
      assumptions.push(`no spot machine is taken away: nobody says how often that happens`);
  }
  const spots = { spot, maxSpotAttempts: SPOT_ATTEMPTS };
  const platform =
    name === 'aws-batch'
      ? awsBatch({ ...common, ...spots, types, maxVcpus: maxCpus, quotaVcpus: maxCpus })
      : googleBatch({ ...common, ...spots, types, quotaVcpus: maxCpus });
  const cpusFor = (waiting: readonly Waiting[]): number =>
    name === 'aws-batch'
      ? cpusHolding(types, waiting)
      : waiting.reduce((sum, { request, count }) => sum + count * cpusHolding(types, [{ request, count: 1 }]), 0);
  return { ...chosen, types, cpusFor, platform, assumptions };
}

function usableOf({ visibleMemoryMib, memoryGib }: Machine): number {
  return visibleMemoryMib === undefined ? memoryGib * USABLE * 2 ** 30 : visibleMemoryMib * 2 ** 20;
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
