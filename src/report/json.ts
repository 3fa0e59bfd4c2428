/** The report as JSON: the contract that every other format can be rebuilt from. */
import type { Report, ReportDocument } from './report.ts';

/** The order of keys, as docs/report-format.md lists them; a key that is not listed comes behind these, by name. */
const KEY_ORDER = [
  ...[
    'schemaVersion',
    'tool',
    'inputs',
    'coverage',
    'graph',
    'parallelism',
    'criticalPath',
    'estimates',
    'sideBySide',
    'resources',
    'findings',
    'proposals',
    'assumptions',
    'reports',
  ],
  ...['call', 'ruleId', 'severity', 'confidence', 'code', 'id', 'name', 'version', 'process', 'from', 'to'],
  ...['pipeline', 'kind', 'files', 'traces', 'config', 'profiles', 'params', 'nextflow', 'parser', 'why', 'minimum'],
  ...['parsed', 'scripts', 'configs', 'diagnostics', 'processes', 'calls', 'opaqueNodes', 'opaqueClosures', 'unresolvedIncludes', 'notes'],
  ...['work', 'span', 'averageWidth', 'serialShare', 'independentSets', 'after', 'grade', 'links', 'evidence', 'assumption', 'savings'],
  ...[
    'duration',
    'slackByCall',
    'now',
    'lossless',
    'ideal',
    'wallClock',
    'waits',
    'cost',
    'perSample',
    'idleShare',
    'costByCall',
    'costBesideCalls',
    'unpricedCalls',
    'n',
    'least',
    'low',
    'median',
    'expected',
    'high',
    'most',
    'unit',
    'basis',
  ],
  ...['format', 'rows', 'matched', 'unmatched', 'unmatchedHours', 'missingFields', 'unfinished', 'sameRunAs'],
  ...['completed', 'cached', 'failed', 'aborted', 'retried', 'failureShare', 'failedExits', 'exit', 'requested', 'used', 'cores'],
  ...['asked', 'recommended', 'waste', 'cpuSeconds', 'memoryByteSeconds'],
  ...['title', 'verification', 'held', 'lost', 'touched', 'leftOut', 'directive', 'attempt', 'intended', 'got', 'wonBy', 'because'],
  ...['durationMs', 'realtimeMs', 'waitMs', 'stagingMs', 'readBytes', 'writtenBytes', 'diskReadBytes', 'diskWrittenBytes'],
  ...['formula', 'count', 'assumed', 'atMost', 'within', 'gathers'],
  ...['sources', 'dimensions', 'edges', 'outputs', 'shape', 'levels', 'width', 'longestChain', 'waitForAll', 'cycle', 'callsWithoutEdges'],
  ...[
    'definition',
    'sites',
    'active',
    'guard',
    'tasks',
    'dims',
    'ready',
    'directives',
    'container',
    'cpus',
    'memoryBytes',
    'timeMs',
    'diskBytes',
  ],
  ...['channel', 'via', 'barrier', 'data', 'wait', 'value', 'byAttempt', 'text', 'setBy', 'source', 'overrode', 'unknown'],
  ...[
    'message',
    'reason',
    'hint',
    'advice',
    'path',
    'sha256',
    'location',
    'line',
    'column',
    'startLine',
    'startColumn',
    'endLine',
    'endColumn',
  ],
  ...['excerpt', 'label', 'related', 'fingerprint', 'suppressed'],
];
const RANKS = new Map(KEY_ORDER.map((key, index) => [key, index]));

/** The report of the one pipeline asked for is the document itself; where several were asked for, what could be read stands in `reports`. */
export function renderJson(document: ReportDocument, several = document.reports.length !== 1): string {
  const [first] = document.reports;
  return jsonText(several || first === undefined ? document : first);
}

/** Keys in the contract's order, two blanks of indent, no character that a terminal would obey. */
export function jsonText(value: unknown): string {
  return `${escaped(JSON.stringify(ordered(value, new Map()), null, 2))}\n`;
}

/** What `graph -f json` prints: the graph of the report, with the version that says how to read it. */
export function graphDocument(report: Report): unknown {
  const { calls, sources, dimensions, edges, callsWithoutEdges, outputs, shape } = report.graph;
  return { schemaVersion: report.schemaVersion, calls, sources, dimensions, edges, callsWithoutEdges, outputs, shape };
}

/** @param orders of keys, by the keys: thousands of edges have the same, which are put in order once */
function ordered(value: unknown, orders: Map<string, readonly string[]>): unknown {
  if (Array.isArray(value)) return value.map((item) => ordered(item, orders));
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value);
  // A null prototype, or a param called `__proto__` would be lost; other objects are faster with theirs.
  const sorted: Record<string, unknown> = keys.includes('__proto__') ? Object.create(null) : {};
  for (const key of inOrder(keys, orders)) {
    const item = (value as Record<string, unknown>)[key];
    if (item !== undefined) sorted[key] = ordered(item, orders);
  }
  return sorted;
}

function inOrder(keys: readonly string[], orders: Map<string, readonly string[]>): readonly string[] {
  const name = keys.join('\0');
  let order = orders.get(name);
  if (order === undefined) orders.set(name, (order = keys.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))));
  return order;
}

function rank(key: string): number {
  return RANKS.get(key) ?? RANKS.size;
}

/** JSON.stringify escapes C0 controls only; DEL, C1 and bidirectional controls would reach a terminal as they are. They occur in strings alone. */
function escaped(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
