/** The same on several platforms, side by side. */
import type { Analysis } from '../analysis/analyse.ts';
import type { BesideRow } from '../analysis/passes/platform/side-by-side.ts';
import type { Transfer } from '../analysis/passes/platform/transfer.ts';
import type { Report, ReportBeside, ReportTransfer } from '../report/report.ts';
import { shownEstimate, significant } from './figures.ts';
import { shownPlatform } from './inputs.ts';
import { runOf, samplesOf } from './runs.ts';

export function sideBySideOf(analysis: Analysis): Pick<Report, 'sideBySide'> {
  const { sideBySide } = analysis;
  if (sideBySide === undefined) return {};
  const { rows, prices: _, ...best } = sideBySide;
  const samples = samplesOf(analysis);
  return { sideBySide: { rows: rows.map((row) => besideOf(row, samples)), ...best } };
}

function besideOf(
  { chosen, now, rightSized, stuck, missing, withoutGpus, slower, dearer, transfer }: BesideRow,
  samples: number | undefined,
): ReportBeside {
  return {
    platform: shownPlatform(chosen),
    ...(now && { now: runOf(now, samples) }),
    ...(rightSized && { proposed: runOf(rightSized, samples) }),
    ...(stuck === undefined ? {} : { stuck }),
    ...(now && now.money === undefined && { noCost: noCostOf(missing) }),
    ...(withoutGpus && { withoutGpus }),
    ...(slower && now && { slower: shownEstimate({ ...now.wallClock, ...slower }) }),
    ...(dearer && now?.money && { dearer: shownEstimate({ ...now.money.cost, ...dearer }) }),
    ...(transfer && { transfer: shownTransfer(transfer) }),
  };
}

function shownTransfer({ crossings, cost, unpaid }: Transfer): ReportTransfer {
  return {
    from: crossings.map(({ call, bytes }) => ({
      call: call.id,
      ...(bytes && { atMostBytes: significant(bytes.high), onDiskBytes: significant(bytes.expected) }),
    })),
    ...(cost && { cost: { expected: significant(cost.expected), high: significant(cost.high) } }),
    ...(unpaid.length > 0 && { incomplete: true as const }),
  };
}

/** Nothing is missing where nobody expects a price. */
function noCostOf(missing: BesideRow['missing']): { message: string; hint: string } {
  return missing === undefined
    ? { message: 'a machine of one’s own', hint: 'give core-hour in a file: --prices FILE' }
    : { message: `no price for ${missing.missing}`, hint: missing.hint };
}
