/** What a report is made of. */
import type { Analysis } from '../analysis/analyse.ts';
import type { ProcessGraph } from '../parser/graph/process-graph.ts';
import type { OpenPipeline } from '../parser/pipeline/load.ts';
import type { ConfigProof, RightSizedConfig } from '../rewrite/right-sized-config.ts';

export interface ReportParts {
  readonly pipeline: OpenPipeline;
  readonly graph: ProcessGraph;
  readonly analysis: Analysis;
  /** Params given by the user, for the inputs section. */
  readonly givenParams: Readonly<Record<string, unknown>>;
  readonly version: string;
  /** Asked once, when it is looked at: the pipeline is read again for it. */
  readonly rightSized: () => { readonly config: RightSizedConfig; readonly proof: ConfigProof };
}
