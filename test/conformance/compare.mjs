// What differs between two answers, in words; an empty list is agreement.

export function graphDifferences(want, got, labels, forgiven = () => false) {
  const differences = [];
  const name = ([from, to]) => `${from} -> ${to}`;
  const sets = [
    ['process', want.processes, got.processes.filter((process) => want.processes.includes(process) || !forgiven(process))],
    ['edge', want.edges.map(name), got.edges.map(name)],
  ];
  for (const [what, wanted, present] of sets) {
    for (const item of wanted) if (!present.includes(item)) differences.push(`${labels.got} lacks ${what} ${item}`);
    for (const item of present)
      if (!wanted.includes(item)) differences.push(`${labels.got} has ${what} ${item}, which ${labels.want} lacks`);
  }
  return differences;
}

/** Recorded tasks against those of a fresh real run: the same to the letter. */
export function taskDifferences(recorded, fresh) {
  const differences = [];
  for (const name of new Set([...Object.keys(recorded), ...Object.keys(fresh)])) {
    const [a, b] = [recorded[name] ?? {}, fresh[name] ?? {}];
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      if (canonical(a[key]) !== canonical(b[key]))
        differences.push(`${name} ${key}: recorded ${canonical(a[key])}, Nextflow now says ${canonical(b[key])}`);
    }
  }
  return differences;
}

function canonical(value) {
  return (
    JSON.stringify(value, (_, inner) =>
      inner && typeof inner === 'object' && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? 'nothing'
  );
}

const DEFAULT = { cpus: 1, memoryBytes: null, timeMs: null, queue: null, container: null };

/** Our directives against what the tasks got. Where tasks of one process differ, we may say "unknown" but no single number. */
export function directiveDifferences(recorded, calls) {
  const differences = [];
  for (const [name, call] of calls) {
    const held = call.directives?.when?.value === false;
    if (held && name in recorded) differences.push(`${name}: pipeopt says that its \`when\` lets no task start, but one ran`);
    if (!held && call.active === true && !(name in recorded)) differences.push(`${name}: pipeopt says that it runs, but no task did`);
  }
  const extIsTold = [...calls.values()].some((call) => extOf(call) !== undefined);
  for (const [name, task] of Object.entries(recorded)) {
    const call = calls.get(name);
    if (!call) {
      differences.push(`pipeopt has no call ${name}`);
      continue;
    }
    for (const key of Object.keys(DEFAULT)) {
      const attempts = [task, ...(task.laterAttempts ?? [])];
      for (const [i, attempt] of attempts.entries()) {
        const ours = directiveOf(call, key, (attempt.attempt ?? 1) - 1);
        if (i === 0 && task.varies?.includes(key)) {
          if (ours !== undefined) differences.push(`${name} ${key}: pipeopt says ${show(ours)}, but it varies from task to task`);
          break;
        }
        if (!task.varies?.includes(key) && (ours === '' ? null : (ours ?? null)) !== attempt[key])
          differences.push(
            `${name} ${key}${i > 0 ? ` (attempt ${attempt.attempt})` : ''}: pipeopt says ${show(ours)}, the task got ${show(attempt[key])}`,
          );
      }
    }
    for (const [key, value] of Object.entries(extIsTold ? (task.ext ?? {}) : {})) {
      const ours = extOf(call)?.[key];
      // A script that prints a property which nobody set prints "null".
      if (String(unwrap(ours) ?? 'null') !== value)
        differences.push(`${name} ext.${key}: pipeopt says ${show(unwrap(ours))}, the task got ${show(value)}`);
    }
    for (const [key, value] of Object.entries(task.seen ?? {})) {
      const ours = call.directives?.[key];
      // Nextflow prints an error strategy in capitals, however it was written.
      if (ours !== undefined && String(unwrap(ours)).toLowerCase() !== value.toLowerCase())
        differences.push(`${name} ${key}: pipeopt says ${show(unwrap(ours))}, the task got ${show(value)}`);
    }
  }
  return differences;
}

function directiveOf(call, key, attempt) {
  const told = call.directives?.[key] ?? (key === 'container' ? call.container : undefined);
  if (told === undefined || told === null) return DEFAULT[key];
  if (typeof told !== 'object') return told;
  if (Array.isArray(told.byAttempt) && told.byAttempt[attempt] !== undefined && told.byAttempt[attempt] !== null)
    return told.byAttempt[attempt];
  return told.value;
}

const unwrap = (told) => (told && typeof told === 'object' && 'value' in told ? told.value : told);

function extOf(call) {
  const told = unwrap(call.directives?.ext) ?? call.ext;
  const dotted = Object.entries(call.directives ?? {}).filter(([key]) => key.startsWith('ext.'));
  return dotted.length > 0 ? Object.fromEntries(dotted.map(([key, value]) => [key.slice(4), value])) : told;
}

const show = (value) => (value === undefined ? 'unknown' : JSON.stringify(value));
