/** What calls ask for, gathered: calls that ask for the same stand together. */
import { durationText, memoryText } from './quantities.ts';
import type { DirectiveValue, ReportCall } from './report.ts';

export type ResourceName = 'cpus' | 'memoryBytes' | 'timeMs';
export const RESOURCES: readonly { readonly name: ResourceName; readonly title: string; readonly show: (value: number) => string }[] = [
  { name: 'cpus', title: 'cpus', show: String },
  { name: 'memoryBytes', title: 'memory', show: memoryText },
  { name: 'timeMs', title: 'time', show: durationText },
];

/** How a value changes from attempt to attempt. */
export type Growth = { readonly kind: 'none' | 'byAttempt' } | { readonly kind: 'listed'; readonly values: readonly (number | null)[] };

export interface RequestGroup {
  readonly cpus: DirectiveValue<number> | undefined;
  readonly memoryBytes: DirectiveValue<number> | undefined;
  readonly timeMs: DirectiveValue<number> | undefined;
  /** Other things that decide where and when a task runs: `disk 100 GB`, `maxForks 4`. */
  readonly extras: readonly string[];
  /** How often a task is tried; undefined when it cannot be told. */
  readonly attempts: number | undefined;
  readonly calls: readonly ReportCall[];
}

/** Directives that belong to a request beside the three: they choose the machine or hold tasks back. */
const EXTRAS = ['diskBytes', 'accelerator', 'machineType', 'queue', 'maxForks', 'executor'];

/** The biggest first. An executor that all calls share is no part of a group's request. */
export function requestGroups(calls: readonly ReportCall[]): RequestGroup[] {
  const shared = sharedExecutor(calls);
  const groups = new Map<string, { calls: ReportCall[]; extras: string[] }>();
  for (const call of calls) {
    const extras = extrasOf(call, shared === undefined);
    const key = JSON.stringify([...RESOURCES.map(({ name }) => requestKey(call.directives[name], attemptsOf(call))), extras]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { calls: [call], extras });
    else group.calls.push(call);
  }
  return [...groups.values()]
    .map(({ calls: members, extras }) => {
      const { cpus, memoryBytes, timeMs } = members[0]!.directives;
      return { cpus, memoryBytes, timeMs, extras, attempts: attemptsOf(members[0]!), calls: members };
    })
    .sort(
      (a, b) =>
        size(b) - size(a) ||
        RESOURCES.map(({ name }) => (known(b[name]) ?? 0) - (known(a[name]) ?? 0)).find((difference) => difference !== 0) ||
        b.calls.length - a.calls.length,
    );
}

/** The executor that every call has, `local` where none is set; undefined when they differ. */
export function sharedExecutor(calls: readonly ReportCall[]): string | undefined {
  const names = new Set(calls.map((call) => executorOf(call)));
  return names.size === 1 ? [...names][0] : undefined;
}

function executorOf(call: ReportCall): string {
  const directive = call.directives.executor;
  return directive === undefined ? 'local' : plain(directive);
}

function extrasOf(call: ReportCall, withExecutor: boolean): string[] {
  return EXTRAS.filter((name) => withExecutor || name !== 'executor').flatMap((name) => {
    const directive = call.directives[name];
    if (directive === undefined) return [];
    if (name === 'diskBytes' && typeof directive.value === 'number') return [`disk ${memoryText(directive.value)}`];
    return [`${name === 'diskBytes' ? 'disk' : name} ${plain(directive)}`];
  });
}

export function plain(directive: DirectiveValue<unknown>): string {
  const { value } = directive;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value === undefined || value === null ? directive.text : JSON.stringify(value);
}

/** The value for the first attempt, if it can be told. */
export function known(directive: DirectiveValue<number> | undefined): number | undefined {
  return directive?.value ?? directive?.byAttempt?.[0] ?? undefined;
}

/** The first attempt and as many more as `maxRetries` allows, where it is set. */
export function attemptsOf(call: ReportCall): number | undefined {
  const retries = call.directives.maxRetries?.value;
  return typeof retries === 'number' && retries >= 0 ? retries + 1 : undefined;
}

export function growthOf(directive: DirectiveValue<number> | undefined, attempts: number | undefined): Growth {
  const values = directive?.byAttempt?.slice(0, attempts);
  const first = values?.[0];
  if (values === undefined || values.length < 2 || values.every((value) => value === first)) return { kind: 'none' };
  if (typeof first === 'number' && values.every((value, index) => value === first * (index + 1))) return { kind: 'byAttempt' };
  return { kind: 'listed', values };
}

function requestKey(directive: DirectiveValue<number> | undefined, attempts: number | undefined): unknown {
  if (directive === undefined) return null;
  const value = known(directive);
  return value === undefined ? { text: directive.text } : [value, growthOf(directive, attempts)];
}

/** The share of a machine that a task takes, in cpus: clouds rent about 4 GB with each. */
export const BYTES_PER_CPU = 4 * 1024 ** 3;
function size(group: RequestGroup): number {
  return Math.max(known(group.cpus) ?? 0, (known(group.memoryBytes) ?? 0) / BYTES_PER_CPU);
}

/** Where the three were set: `withLabel:process_high  conf/base.config:33`, one entry for each place that set some. */
export function provenance(
  call: ReportCall,
): { readonly what: readonly string[]; readonly setBy: string; readonly path: string; readonly line: number }[] {
  const places = new Map<string, { what: string[]; setBy: string; path: string; line: number }>();
  for (const { name, title } of RESOURCES) {
    const directive = call.directives[name];
    if (directive === undefined) continue;
    const { setBy, source } = directive;
    const key = JSON.stringify([setBy, source.path]);
    const place = places.get(key);
    if (place === undefined) places.set(key, { what: [title], setBy, path: source.path, line: source.line });
    else {
      place.what.push(title);
      place.line = Math.min(place.line, source.line);
    }
  }
  return [...places.values()];
}
