// One file's record as lists of entries by field, and how two such lists differ.

/** Fields of a process or workflow that are lists of their own; what stands beside them is the entry itself. */
const PARTS = [
  'directives',
  'inputs',
  'outputs',
  'when',
  'scriptKind',
  'script',
  'stub',
  'takes',
  'emits',
  'publishers',
  'calls',
  'operators',
  'ifCount',
];
const HEAD = ['file', 'kind', 'ok', 'errors'];

/** Field -> entries, each as JSON with sorted keys. What belongs to a process or workflow carries its name. */
export function fieldsOf(record) {
  const fields = new Map();
  const add = (field, values) => fields.set(field, [...(fields.get(field) ?? []), ...values.map(canonical)]);
  for (const [field, value] of Object.entries(record)) {
    if (HEAD.includes(field)) continue;
    if (field !== 'processes' && field !== 'workflows') {
      add(field, [value].flat());
      continue;
    }
    for (const one of value) {
      const own = Object.fromEntries(Object.entries(one).filter(([name]) => !PARTS.includes(name)));
      add(field, [own]);
      for (const part of PARTS) {
        if (!(part in one)) continue;
        const entries = [one[part]].flat().map((entry) => ({ of: one.name, entry }));
        add(`${field}.${part}`, entries);
      }
    }
  }
  return fields;
}

function canonical(value) {
  return JSON.stringify(value, (_, inner) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [two]) => (one < two ? -1 : 1)))
      : inner,
  );
}

/** `theirs` and `ours` of the answer are what only one side has; when both have the same in another order, what is out of place. */
export function differencesOf(theirs, ours) {
  const entries = Math.max(theirs.length, ours.length);
  const inPlace = theirs.filter((one, index) => one === ours[index]).length;
  if (inPlace === entries) return { entries, equal: entries, theirs: [], ours: [] };
  const left = new Map();
  for (const one of theirs) left.set(one, (left.get(one) ?? 0) + 1);
  const onlyOurs = [];
  for (const one of ours) {
    const count = left.get(one) ?? 0;
    if (count === 0) onlyOurs.push(one);
    else left.set(one, count - 1);
  }
  const onlyTheirs = [...left].flatMap(([one, count]) => Array(count).fill(one));
  if (onlyOurs.length > 0 || onlyTheirs.length > 0)
    return { entries, equal: theirs.length - onlyTheirs.length, theirs: onlyTheirs, ours: onlyOurs };
  const moved = theirs.flatMap((one, index) => (one === ours[index] ? [] : [index]));
  return { entries, equal: inPlace, theirs: moved.map((index) => theirs[index]), ours: moved.map((index) => ours[index]) };
}
