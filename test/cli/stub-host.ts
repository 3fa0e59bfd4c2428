/** A machine and a core for tests of the command line: nothing is spawned, and the core gives a sample. */
import type { Core, CoreOptions } from '../../src/cli/core.ts';
import type { Host } from '../../src/cli/host.ts';
import { main } from '../../src/cli/main.ts';
import type { Report } from '../../src/report/report.ts';
import {
  experimentResults,
  experimentTree,
  loadPrices,
  priceList,
  probeTree,
  severalPlatforms,
  UnknownPlatform,
  UnknownPrice,
  WrongExperiment,
  WrongPrices,
} from '../../src/run.ts';
import { exome } from '../report/samples.ts';

class PipelineNotFound extends Error {
  readonly hint: string | undefined;
}

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What the core was asked. */
  readonly opened: readonly string[];
  readonly options: readonly CoreOptions[];
}

export interface Setting {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly tty?: boolean;
  readonly columns?: number;
  readonly report?: Report;
  readonly fails?: Error;
  /** What the clock gains each time it is read. */
  readonly tickMs?: number;
}

export function notFound(message: string, hint: string): Error {
  return Object.assign(new PipelineNotFound(message), { hint });
}

export async function run(args: readonly string[], setting: Setting = {}): Promise<Run> {
  let out = '';
  let err = '';
  let clock = 0;
  const opened: string[] = [];
  const options: CoreOptions[] = [];
  const core: Core = {
    loadPrices,
    priceList,
    probeTree,
    experimentTree,
    experimentResults,
    severalPlatforms,
    WrongExperiment,
    UnknownPrice,
    WrongPrices,
    loadShell: () => Promise.resolve(undefined as never),
    openPipeline(path) {
      opened.push(path);
      if (setting.fails !== undefined) throw setting.fails;
      return {
        tree: { name: 'stub', read: () => undefined, list: () => [], stat: () => undefined, trouble: () => undefined },
        entryPath: 'main.nf',
      };
    },
    analyzeTree(_tree, _entry, given) {
      options.push(given);
      return setting.report ?? exome;
    },
    RULES: [
      { id: 'unread-input', title: 'an input that the script never reads', severity: 'warning', docs: '**What it finds**\n\nAn input.' },
      { id: 'unsized-group-tuple', title: 'groupTuple without a size', severity: 'warning', docs: '' },
    ],
    PipelineNotFound,
    UnknownProfile: class extends Error {
      readonly hint = '';
    },
    UnknownCount: class extends Error {
      readonly hint = '';
    },
    UnknownPlatform,
    UnreadableTrace: class extends Error {
      readonly hint = '';
    },
    UnreadableTable: class extends Error {
      readonly hint = '';
    },
    EntryNotFound: class extends Error {
      readonly hint = '';
    },
  };
  const sink = (write: (text: string) => void) => ({ isTTY: setting.tty === true, columns: setting.columns, write });
  const host: Host = {
    cwd: setting.cwd ?? process.cwd(),
    env: setting.env ?? {},
    stdout: sink((text) => {
      out += text;
    }),
    stderr: sink((text) => {
      err += text;
    }),
    now: () => {
      clock += setting.tickMs ?? 1;
      return clock;
    },
    loadCore: async () => core,
  };
  const code = await main(['node', 'pipeopt', ...args], host);
  return { code, out, err, opened, options };
}
