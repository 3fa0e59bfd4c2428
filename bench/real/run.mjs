// `npm run real -- --pipelines DIR [--mirrors DIR] [--only NAME] [--unlabelled] [--all] [--json]`: what the finder says of ten real
// pipelines, beside what a careful reader said of each finding (verdicts.json). Rules of waiting and of threads alone, unless --all.
// A verdict is { pipeline, commit, ruleId, fingerprint, message, verdict: true | false | "unclear", why }; it holds for a finding of
// that fingerprint at that commit. --json prints findings without a verdict in that form, with their place, to be filled in.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkoutOf, commitOf } from '../checkouts.mjs';
import { flag, reportOf } from '../pipeopt.mjs';

const FINDER = new Set([
  'unread-input',
  'token-dependency',
  'over-wide-directory',
  'pass-through-link',
  'unsized-group-tuple',
  'collect-between-per-item-steps',
  'lost-group-key',
  'ordered-concat',
  'serial-monolith',
  'missing-scatter',
  'repeated-constant-work',
  'duplicate-work',
  'cross-then-filter',
  'queue-where-value-meant',
  'unpaired-inputs',
  'short-group-dropped',
  'unmatched-join',
  'single-thread-tool',
  'oversubscribed-threads',
  'throttled-step',
  'reordered-source',
  'dead-work',
]);

const read = (name) => JSON.parse(readFileSync(new URL(`./${name}`, import.meta.url), 'utf8'));
const keyOf = ({ pipeline, commit, fingerprint }) => `${pipeline} ${commit} ${fingerprint}`;
const MARKS = new Map([
  [true, 'true'],
  [false, 'FALSE'],
  ['unclear', 'unclear'],
  [undefined, '-'],
]);

function tally(findings) {
  const count = (test) => findings.filter(test).length;
  return {
    findings: findings.length,
    labelled: count(({ verdict }) => verdict !== undefined),
    isTrue: count(({ verdict }) => verdict === true),
    isFalse: count(({ verdict }) => verdict === false),
    wrongErrors: count(({ severity, verdict }) => severity === 'error' && verdict === false),
  };
}

const shareOf = ({ isTrue, isFalse }) =>
  isTrue + isFalse === 0 ? 'none judged' : `${((100 * isTrue) / (isTrue + isFalse)).toFixed(0)} % true`;

function main(args) {
  const pipelines = flag(args, 'pipelines');
  if (pipelines === undefined) {
    console.error('usage: npm run real -- --pipelines DIR [--mirrors DIR] [--only NAME] [--unlabelled] [--all] [--json]');
    return 2;
  }
  const verdicts = new Map(read('verdicts.json').map((one) => [keyOf(one), one]));
  const everything = [];
  const open = [];
  let failed = 0;
  for (const one of read('pipelines.json').filter(({ repo }) => repo.includes(flag(args, 'only') ?? ''))) {
    const folder =
      checkoutOf(resolve(pipelines), undefined, one.repo, 'HEAD') ??
      checkoutOf(resolve(pipelines), flag(args, 'mirrors'), one.repo, one.commit);
    const exact =
      folder !== undefined && commitOf(folder) === one.commit
        ? folder
        : checkoutOf(resolve(pipelines), flag(args, 'mirrors'), one.repo, one.commit);
    try {
      if (exact === undefined) throw new Error(`no checkout of ${one.commit.slice(0, 12)}`);
      const { report, ms } = reportOf(one.entry === undefined ? exact : join(exact, one.entry), {
        params: one.params,
        profile: one.profile,
      });
      const findings = report.findings
        .filter(({ ruleId, suppressed }) => suppressed === undefined && (args.includes('--all') || FINDER.has(ruleId)))
        .map((finding) => ({ ...finding, pipeline: one.repo, commit: one.commit }))
        .map((finding) => ({ ...finding, verdict: verdicts.get(keyOf(finding))?.verdict, why: verdicts.get(keyOf(finding))?.why }));
      everything.push(...findings);
      open.push(...findings.filter(({ verdict }) => verdict === undefined));
      const figures = tally(findings);
      if (args.includes('--json')) continue;
      const active = report.graph.calls.filter((call) => call.active === true).length;
      console.log(
        `\n## ${one.repo}@${one.commit.slice(0, 12)}${one.profile === undefined ? '' : ` -profile ${one.profile}`}: ${active} of ${report.graph.calls.length} calls run, ` +
          `${figures.findings} findings, ${figures.labelled} labelled, ${shareOf(figures)}, ${figures.wrongErrors} wrong errors, ${Math.round(ms)} ms`,
      );
      for (const finding of findings.filter(({ verdict }) => !args.includes('--unlabelled') || verdict === undefined)) {
        const { severity, confidence, grade, ruleId, location, message, verdict, why } = finding;
        console.log(
          `  ${MARKS.get(verdict).padEnd(8)}${severity.padEnd(8)}${(grade ?? confidence).padEnd(12)}${ruleId}  ${location.path}:${location.startLine}\n          ${message}`,
        );
        if (why !== undefined) console.log(`          verdict: ${why}`);
      }
    } catch (error) {
      failed += 1;
      console.log(`\n## ${one.repo}: ERROR ${error.message.split('\n')[0]}`);
    }
  }
  if (args.includes('--json')) {
    console.log(
      JSON.stringify(
        open.map(({ pipeline, commit, ruleId, fingerprint, message, reason, location, calls }) => ({
          pipeline,
          commit,
          ruleId,
          fingerprint,
          message,
          reason,
          place: `${location.path}:${location.startLine}`,
          calls,
          verdict: null,
          why: '',
        })),
        null,
        2,
      ),
    );
    return 0;
  }
  console.log('\nrule                              findings  true  false  unclear  open');
  for (const rule of [...new Set(everything.map(({ ruleId }) => ruleId))].sort()) {
    const of = everything.filter(({ ruleId }) => ruleId === rule);
    const count = (verdict) => String(of.filter((finding) => finding.verdict === verdict).length);
    console.log(
      `${rule.padEnd(34)}${String(of.length).padStart(8)}${count(true).padStart(6)}${count(false).padStart(7)}${count('unclear').padStart(9)}${count(undefined).padStart(6)}`,
    );
  }
  const figures = tally(everything);
  console.log(
    `\n${figures.findings} findings, ${figures.labelled} labelled, ${shareOf(figures)}; ${figures.wrongErrors} error-level findings called wrong.`,
  );
  return failed === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
