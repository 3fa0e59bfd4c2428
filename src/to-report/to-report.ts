/** From what was read and found to the report: names, places and plain values, sorted, and nothing that only the core knows. */
import { type Report, type ReportProposal, SCHEMA_VERSION } from '../report/report.ts';
import { coverageOf } from './coverage.ts';
import { findingOf, timeFirstOf } from './findings.ts';
import { frontOf } from './front.ts';
import { graphOf } from './graph.ts';
import { inputsOf } from './inputs.ts';
import type { ReportParts } from './parts.ts';
import { line } from './places.ts';
import { sideBySideOf } from './platforms.ts';
import { resourcesOf } from './resources.ts';
import { growthOf, timesOf } from './runs.ts';
import { accuracyOf } from './traces.ts';

export function toReport(parts: ReportParts): Report {
  let proposals: readonly ReportProposal[] | undefined;
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'pipeopt', version: parts.version },
    inputs: inputsOf(parts),
    coverage: coverageOf(parts),
    graph: graphOf(parts),
    ...timesOf(parts),
    ...sideBySideOf(parts.analysis),
    ...growthOf(parts.analysis),
    ...frontOf(parts.analysis),
    ...resourcesOf(parts),
    findings: parts.analysis.findings.map((finding) => findingOf(finding, parts.analysis)),
    ...timeFirstOf(parts.analysis),
    get proposals() {
      if (parts.analysis.evidence.matches.length === 0) return undefined;
      return (proposals ??= proposalsOf(parts));
    },
    assumptions: [
      ...parts.graph.assumptions.map(({ message, place: at }) => `${message} (${line(at).path}:${line(at).line})`),
      ...parts.analysis.assumptions,
    ],
    ...accuracyOf(parts.analysis),
  };
}

function proposalsOf({ rightSized }: ReportParts): ReportProposal[] {
  const { config, proof } = rightSized();
  const { blocks, leftOut, text } = config;
  if (blocks.length === 0 && leftOut.length === 0) return [];
  const { held, lost, touched } = proof;
  return [
    {
      id: 'right-sized-config',
      title: `requests of ${blocks.length} ${blocks.length === 1 ? 'call' : 'calls'} as runs measured what is used`,
      calls: blocks.map(({ call }) => call.id),
      ...(blocks.length === 0 || touched.length > 0 ? {} : { config: text }),
      verification: {
        held,
        lost: lost.map(({ call, ...rest }) => ({ call: call.id, ...rest })),
        touched,
        leftOut: leftOut.map((one) => ({ ...one, call: one.call.id })),
      },
    },
  ];
}
