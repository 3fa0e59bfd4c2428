/** What was read and what was not. */
import type { CoverageNote } from '../parser/pipeline/pipeline.ts';
import type { Coverage } from '../report/report.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import type { ReportParts } from './parts.ts';
import { excerptOf, place, placeRange } from './places.ts';

function diagnosticOf(diagnostic: Diagnostic): Coverage['diagnostics'][number] {
  const { severity, code, message } = diagnostic;
  return { severity, code, message, location: placeRange(diagnostic), excerpt: excerptOf(diagnostic) };
}

export function coverageOf({ pipeline, graph, analysis }: ReportParts): Coverage {
  const broken = new Set(pipeline.diagnostics.filter((one) => one.severity === 'error').map((one) => one.file.path));
  const configs = pipeline.configFiles.length;
  const files = pipeline.scripts.size + configs;
  let processes = 0;
  for (const script of pipeline.scripts.values()) processes += script.processes.size;
  const notes: CoverageNote[] = [...pipeline.notes, ...graph.notes, ...analysis.notes];
  if (analysis.shape.widthIs === 'at least')
    notes.push({ message: 'the width is that of the fullest level: the graph is too large for the exact number', taken: true });
  return {
    files,
    parsed: files - broken.size,
    scripts: pipeline.scripts.size,
    configs,
    diagnostics: pipeline.diagnostics.map(diagnosticOf),
    processes,
    calls: graph.calls.length,
    opaqueNodes: pipeline.opaqueNodes,
    unresolvedIncludes: pipeline.unresolvedIncludes.map(({ source, reason, place: at }) => ({ source, reason, location: placeRange(at) })),
    notes: notes.map((note) => ({
      message: note.message,
      ...(note.taken && { taken: note.taken }),
      ...(note.hint === undefined ? {} : { hint: note.hint }),
      ...(note.place === undefined ? {} : { location: place(note.place) }),
    })),
  };
}
