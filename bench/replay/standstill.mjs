/** Ms; a poll, and what Nextflow has to do with what it finds, is over by then. */
const PAUSE = 15_000;

/**
 * When, in a real run, nothing was submitted for more than PAUSE ms although something could have been: the cause of misses that no model of machines explains.
 * @param releasesOf of the core
 * @returns {number[]} Ms of each, without the first PAUSE ms
 */
export function standstills({ graph, tasks }, rows, releasesOf) {
  const begin = Math.min(...rows.map(({ submitMs }) => submitMs));
  const released = releasesOf(graph, (task) => tasks[task].completeMs - begin);
  const late = tasks
    .map(({ submitMs }, task) => ({ from: released[task] + PAUSE, to: submitMs - begin }))
    .filter(({ from, to }) => to > from);
  const submits = tasks.map(({ submitMs }) => submitMs - begin).sort((a, b) => a - b);
  const found = [];
  for (let at = 1; at < submits.length; at += 1) {
    const [from, to] = [submits[at - 1], submits[at]];
    if (to - from <= PAUSE) continue;
    const first = Math.min(...late.filter((one) => one.to >= to && one.from < to).map((one) => Math.max(one.from, from)));
    if (first < to) found.push(to - first);
  }
  return found;
}
