/** What mending each finding saves, and which to mend first. */
import { percent } from './amounts.ts';
import type { Change } from './change.ts';
import { type Finding, GRAVITY, type Overlaps } from './finding.ts';
import { type OverlapGroup, overlapGroups } from './overlaps.ts';
import type { Parallelism } from './passes/parallelism.ts';
import { NO_ROOM } from './passes/platform/no-room.ts';
import type { PlatformTimes } from './passes/platform/platform-times.ts';
import type { SaidRoom } from './passes/platform/said-room.ts';
import { type AllSavings, freeSavings, platformSavings, type Savings } from './passes/savings.ts';
import { isWorse, NOISE } from './passes/sizing/right-sizing.ts';
import { type Candidate, type Standings, standingsOf } from './passes/standings.ts';
import type { Times, Untimed } from './passes/times.ts';

export interface JudgeParts {
  readonly times: Times | Untimed;
  readonly onPlatform: PlatformTimes | undefined;
  readonly parallelism: Parallelism;
  /** What the settings say there is where no platform is named. */
  roomOf(times: Times): SaidRoom | undefined;
}

export interface Judged {
  /** Of one severity those first that are to be mended first, then the others as they came. */
  readonly findings: readonly Finding[];
  readonly timeFirst?: Standings['timeFirst'];
  /** Why nothing is saved. */
  readonly cut?: string;
}

/** @param findings of which a severity's stand together; what is suppressed is left as it is */
export function judge(findings: readonly Finding[], { times, onPlatform, parallelism, roomOf }: JudgeParts): Judged {
  const open = findings.filter((one): one is Finding & Candidate => one.change !== undefined && one.suppressed === undefined);
  if ('untimed' in times || open.length === 0)
    return { findings: findings.map((finding) => unsavedOf(finding, 'untimed' in times ? UNTIMED : undefined)) };
  const groups = overlapGroups(open, parallelism.sets);
  const changes: Change[] = [...open, ...groups].map(({ change }) => change);
  const setting = onPlatform?.setting;
  const savings =
    onPlatform === undefined ? freeSavings(times, changes, () => roomOf(times)) : setting && platformSavings(times, setting, changes);
  const { of: standings, timeFirst } = standingsOf(times, parallelism.sets, open);
  const judged = findings.map((finding): Finding => {
    const told = finding.change && savings?.get(finding.change);
    const saved = typeof told === 'string' ? undefined : told;
    const standing = standings.get(finding as Candidate);
    const kept = onPlatform === undefined ? finding : keptWhereWorse(finding, saved, onPlatform);
    const here =
      saved === undefined
        ? unsavedOf(kept, onPlatform === undefined ? NO_PLATFORM : noSavings(onPlatform, typeof told === 'string' ? told : undefined))
        : kept;
    const overlaps = overlapsOf(finding, groups, savings);
    return { ...here, ...(saved && { savings: saved }), ...(standing && { standing }), ...(overlaps && { overlaps }) };
  });
  return {
    findings: judged
      .map((finding, at) => ({ finding, at, group: GRAVITY[finding.severity] }))
      .sort((one, two) => one.group - two.group || compareRanks(one.finding, two.finding) || one.at - two.at)
      .map(({ finding }) => finding),
    ...(timeFirst && { timeFirst }),
    ...(setting !== undefined && savings === undefined && { cut: TOO_MANY }),
  };
}

/** Of several groups the first: a finding is of one set, or of one call's requests. */
function overlapsOf(finding: Finding, groups: readonly OverlapGroup[], savings: AllSavings | undefined): Overlaps | undefined {
  const group = groups.find(({ findings }) => findings.includes(finding));
  if (group === undefined) return undefined;
  const told = savings?.get(group.change);
  const together = typeof told === 'string' ? undefined : told;
  const others = group.findings.filter((one) => one !== finding);
  return { with: others.map(({ ruleId, fingerprint, place }) => ({ ruleId, fingerprint, place })), ...(together && { together }) };
}

const UNTIMED = 'the run could not be timed';
const NO_PLATFORM = 'with room for every task it is nothing: --platform says where the run is, and what this saves there';
const TOO_MANY = 'there are too many tasks to run them again on the platform for each finding';

/** @param why the run does not come to its end with the finding mended */
function noSavings({ stuck, setting }: PlatformTimes, why: string | undefined): string {
  const wayOut = why?.startsWith(NO_ROOM) ? '; name larger machines in --platform' : '';
  if (why !== undefined) return `with it the run does not come to its end there: ${why}${wayOut}`;
  return setting === undefined ? `as it is the run does not come to its end there: ${stuck ?? 'it could not be timed'}` : TOO_MANY;
}

/** Of one that has a change. @param why undefined: nobody looked */
function unsavedOf(finding: Finding, why: string | undefined): Finding {
  return why === undefined || finding.change === undefined || finding.suppressed !== undefined ? finding : { ...finding, unsaved: why };
}

/** What runs say is enough is no advice where the run gets worse by it. */
function keptWhereWorse(finding: Finding, saved: Savings | undefined, { chosen, times }: PlatformTimes): Finding {
  if (finding.change?.kind !== 'requests' || finding.change.needed === true || saved === undefined || times === undefined) return finding;
  const { wallClock, money } = times.now;
  const slower = -saved.wallClock.expected / wallClock.expected;
  const dearer = saved.cost === undefined || money === undefined ? 0 : -saved.cost.expected / money.cost.expected;
  if (!isWorse({ slower, dearer })) return finding;
  const harms = [
    ...(slower > NOISE ? [`takes ${percent(slower)} longer`] : []),
    ...(dearer > NOISE ? [`costs ${percent(dearer)} more`] : []),
  ];
  const advice = `leave it on ${chosen.text}, where the run ${harms.join(' and ')} with less; elsewhere ${finding.advice}`;
  return { ...finding, severity: 'info', advice };
}

function compareRanks({ standing: one }: Finding, { standing: two }: Finding): number {
  const [first, second] = [one?.rank ?? Number.MAX_SAFE_INTEGER, two?.rank ?? Number.MAX_SAFE_INTEGER];
  return first - second;
}
