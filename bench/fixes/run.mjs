// `npm run fixes -- --pipelines DIR [--mirrors DIR] [--only TEXT] [-v]`: what maintainers themselves mended, held against pipeopt.
// For each row of fixes.json whose kind a rule covers: the rule has to speak at the parent commit, at each place, and to be
// silent there after the fix. DIR holds checkouts (see ../checkouts.mjs). Rows without a rule are listed with the reason.
//   found   places of the parent at which the rule (or one of `also`) speaks: within three lines, in what it relates to, or of that call
//   gone    places at which it is silent after the fix: at the line that `after` gives, or of that call where the code is gone
//           (a row that `stays` is one that the fix made smaller, not one that it took away: silence is not asked for)
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkoutOf } from '../checkouts.mjs';
import { flag, reportOf } from '../pipeopt.mjs';

const ROWS = JSON.parse(readFileSync(new URL('./fixes.json', import.meta.url), 'utf8'));
const NEAR_LINES = 3;

const within = (location, path, line, slack) =>
  location.path === path && location.startLine - slack <= line && line <= location.endLine + slack;
const isOfCall = (finding, call) => call !== undefined && finding.calls.some((id) => id === call || id.endsWith(`:${call}`));

function isAt(finding, place) {
  return (
    within(finding.location, place.path, place.line, NEAR_LINES) ||
    (finding.related ?? []).some(({ location }) => location !== undefined && within(location, place.path, place.line, NEAR_LINES)) ||
    isOfCall(finding, place.call)
  );
}

/** A fix may add findings of its own nearby, so what is left is looked for at the very line. */
const isLeftAt = (finding, place) =>
  place.after === undefined ? isOfCall(finding, place.call) : within(finding.location, place.path, place.after, 0);

function findingsOf(row, folder) {
  const rules = new Set([row.rule, ...(row.also ?? [])]);
  const { report } = reportOf(row.entry === undefined ? folder : join(folder, row.entry), {
    params: row.params,
    profile: row.profile,
    flags: row.workflow === undefined ? [] : ['--entry', row.workflow],
  });
  return report.findings.filter(({ ruleId }) => rules.has(ruleId));
}

function judge(row, pipelines, mirrors) {
  const [before, after] = [row.parent, row.fix].map((commit) => checkoutOf(pipelines, mirrors, row.repo, commit));
  if (before === undefined || after === undefined) return { error: 'no checkout' };
  try {
    const was = findingsOf(row, before);
    const is = findingsOf(row, after);
    const places = row.where.map((place) => {
      const found = was.filter((finding) => isAt(finding, place));
      // Where the fix took the code away and no call is named, one finding less of that file is all that can be told.
      const inFile = (list) => list.filter(({ location }) => location.path === place.path).length;
      const gone =
        place.after === undefined && place.call === undefined ? inFile(is) < inFile(was) : !is.some((finding) => isLeftAt(finding, place));
      return { place, found, gone: found.length > 0 && (gone || row.stays !== undefined) };
    });
    return { places, was, is };
  } catch (error) {
    return { error: error.message.split('\n')[0] };
  }
}

const label = (row) => `${row.kind.padEnd(3)} ${row.repo.slice(0, 30).padEnd(30)} ${row.fix.slice(0, 9)}`;

function main(args) {
  const pipelines = flag(args, 'pipelines');
  if (pipelines === undefined) {
    console.error('usage: npm run fixes -- --pipelines DIR [--mirrors DIR] [--only TEXT] [-v]');
    return 2;
  }
  const only = flag(args, 'only') ?? '';
  const rows = ROWS.filter((row) => `${row.repo} ${row.fix} ${row.rule}`.includes(only));
  const totals = { rows: 0, right: 0, some: 0, places: 0, found: 0, gone: 0 };
  for (const row of rows.filter(({ rule }) => rule !== null)) {
    const judged = judge(row, resolve(pipelines), flag(args, 'mirrors'));
    totals.rows += 1;
    if (judged.error !== undefined) {
      console.log(`${label(row)}  ${row.rule.padEnd(24)} ERROR ${judged.error}`);
      continue;
    }
    const found = judged.places.filter((one) => one.found.length > 0).length;
    const gone = judged.places.filter((one) => one.gone).length;
    const all = judged.places.length;
    const verdict = found === all && gone === all ? 'right' : found === 0 ? 'MISSED' : gone < found ? 'STILL THERE' : 'IN PART';
    totals.places += all;
    totals.found += found;
    totals.gone += gone;
    totals.right += verdict === 'right' ? 1 : 0;
    totals.some += found > 0 && gone === found ? 1 : 0;
    console.log(`${label(row)}  ${row.rule.padEnd(24)} found ${found}/${all}  gone ${gone}/${found}  ${verdict}`);
    for (const { place, found: findings, gone: isGone } of judged.places) {
      if (verdict !== 'right' && findings.length === 0)
        console.log(`      not found: ${place.path}:${place.line}${place.call === undefined ? '' : ` ${place.call}`}`);
      if (findings.length > 0 && !isGone) console.log(`      still there: ${place.path}:${place.after ?? `(${place.call ?? 'file'})`}`);
      if (args.includes('-v'))
        for (const one of findings) console.log(`      ${one.ruleId} ${one.location.path}:${one.location.startLine} ${one.message}`);
    }
  }
  const uncovered = rows.filter(({ rule }) => rule === null);
  if (uncovered.length > 0) console.log('\nNo rule of issue 5 covers:');
  for (const row of uncovered) console.log(`${label(row)}  ${row.because}`);
  console.log(
    `\n${totals.rows} fixes that a rule covers: ${totals.right} found at every place and gone after, ${totals.some} at one place or more; ` +
      `${totals.found} of ${totals.places} places found, ${totals.gone} gone; ${uncovered.length} not covered.`,
  );
  return totals.right === totals.rows ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
