/** Findings and what was wrong with the source itself, as one list: both are said in frames, counted, and can fail a run. */
import type { Finding, Report, Severity } from './report.ts';

/** Worst first. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

export interface Statement extends Pick<Finding, 'severity' | 'message' | 'location'> {
  readonly id: string;
  readonly finding?: Finding;
  readonly excerpt: readonly string[];
  readonly suppressed: boolean;
}

/** The worst first, of those what is to be mended first, then by place. A diagnostic that is also a finding is said once. */
export function statements(report: Report): Statement[] {
  const list: Statement[] = report.findings.map((finding) => ({
    id: finding.ruleId,
    severity: finding.severity,
    message: finding.message,
    location: finding.location,
    excerpt: finding.excerpt,
    suppressed: finding.suppressed !== undefined,
    finding,
  }));
  const said = new Set(list.map(keyOf));
  for (const { code, severity, message, location, excerpt } of report.coverage.diagnostics) {
    const statement: Statement = { id: code, severity, message, location, excerpt: excerpt ?? [], suppressed: false };
    if (!said.has(keyOf(statement))) list.push(statement);
  }
  return list.sort(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      rankOf(a) - rankOf(b) ||
      order(a.location.path, b.location.path) ||
      a.location.startLine - b.location.startLine ||
      a.location.startColumn - b.location.startColumn ||
      order(a.id, b.id),
  );
}

/** Whether something that is not suppressed is at least as bad as `limit`. */
export function reaches(report: Report, limit: Severity): boolean {
  return statements(report).some(({ severity, suppressed }) => !suppressed && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(limit));
}

function rankOf({ finding }: Statement): number {
  return finding?.standing?.rank ?? Number.MAX_SAFE_INTEGER;
}

function keyOf({ id, location }: Statement): string {
  return JSON.stringify([id, location.path, location.startLine, location.startColumn]);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
