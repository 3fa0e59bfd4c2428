/** Which Nextflow's rules hold for a pipeline: where versions differ, a reader has to choose one and say which. */
import type { ScriptNode, Statement } from '../syntax/nodes.ts';
import { compareVersions } from './host.ts';
import type { LanguageVersion } from './pipeline.ts';

/** The version whose parser is the strict one by default. */
const STRICT_SINCE = '26.04';
const LAST_LEGACY = '25.10';
const LAST_DSL1 = '22.10';

export interface VersionEvidence {
  /** `--nextflow-version`. */
  readonly given: string | undefined;
  /** `manifest.nextflowVersion`, as written. */
  readonly required: string | undefined;
  readonly config: ScriptNode | undefined;
  readonly dsl1: boolean;
}

export function chooseVersion({ given, required, config, dsl1 }: VersionEvidence): LanguageVersion {
  if (given !== undefined) return { version: given, parser: parserOf(given), why: 'as given', minimum: required };
  if (dsl1)
    return { version: LAST_DSL1, parser: 'v1', why: 'the script is written in DSL1, which later versions do not run', minimum: required };
  const newest = newestAllowed(required);
  if (newest !== undefined && compareVersions(newest, STRICT_SINCE) < 0) {
    return { version: newest, parser: parserOf(newest), why: `the manifest allows no later one (${required})`, minimum: required };
  }
  const legacy = config?.statements.find(isLegacyOnly);
  if (legacy !== undefined) {
    return {
      version: LAST_LEGACY,
      parser: 'v1',
      why: `nextflow.config ${legacyWords(legacy)}, which the strict parser of ${STRICT_SINCE} refuses`,
      minimum: required,
    };
  }
  return {
    version: STRICT_SINCE,
    parser: 'v2',
    why: required === undefined ? 'nothing asks for another' : `the manifest allows it (${required})`,
    minimum: required,
  };
}

function parserOf(version: string): 'v1' | 'v2' {
  return compareVersions(version, STRICT_SINCE) >= 0 ? 'v2' : 'v1';
}

/** The newest version within an upper bound of a requirement such as `>=22.10.1, <25` or `21.04.1`. */
function newestAllowed(required: string | undefined): string | undefined {
  if (required === undefined) return undefined;
  for (const part of required.split(/[,\s]+/)) {
    const below = /^!?<(=?)([\d.]+)/.exec(part);
    if (below !== null) return below[1] === '=' ? below[2] : justBelow(below[2] as string);
    const exact = /^!?=?=?([\d.]+)$/.exec(part);
    if (exact !== null && part.startsWith('!')) return exact[1];
  }
  return undefined;
}

function justBelow(version: string): string {
  const [year = 0, month = 0] = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  if (month > 4) return `${year}.04`;
  return `${year - 1}.10`;
}

function isLegacyOnly(statement: Statement): boolean {
  return ['FunctionNode', 'IfStatement', 'TryStatement', 'DeclarationStatement', 'ForInStatement', 'ImportStatement', 'ClassNode'].includes(
    statement.kind,
  );
}

function legacyWords(statement: Statement): string {
  switch (statement.kind) {
    case 'FunctionNode':
      return `defines the function ${statement.name.name}`;
    case 'IfStatement':
      return 'has an if statement';
    case 'TryStatement':
      return 'has a try statement';
    default:
      return 'has statements that are no settings';
  }
}
