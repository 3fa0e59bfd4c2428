/** What was read and asked for. */

import { createHash } from 'node:crypto';
import type { Analysis } from '../analysis/analyse.ts';
import type { ChosenPlatform } from '../analysis/simulate/platforms/choice.ts';
import type { ReportInputs, ReportPlatform } from '../report/report.ts';
import { significant } from './figures.ts';
import type { ReportParts } from './parts.ts';
import { tracesOf } from './traces.ts';

function byPath<T extends { readonly path: string }>(one: T, two: T): number {
  return one.path < two.path ? -1 : one.path > two.path ? 1 : 0;
}

export function inputsOf({ pipeline, analysis, givenParams }: ReportParts): ReportInputs {
  const files = [...pipeline.scripts.values()].map((script) => script.file).concat(pipeline.configFiles);
  const { language } = pipeline;
  return {
    name: pipeline.name === '' ? pipeline.tree.name : pipeline.name,
    pipeline: pipeline.kind === 'library' ? '.' : pipeline.entry.file.path,
    kind: pipeline.kind,
    get files() {
      return files.map((file) => ({ path: file.path, sha256: createHash('sha256').update(file.text).digest('hex') })).sort(byPath);
    },
    ...tracesOf(analysis),
    config: pipeline.configFiles.map((file) => file.path),
    ...platformOf(analysis),
    profiles: pipeline.config.chosenProfiles,
    params: Object.fromEntries(Object.entries(givenParams).sort(([one], [two]) => (one < two ? -1 : 1))),
    nextflow: {
      version: language.version,
      parser: language.parser,
      why: language.why,
      ...(language.minimum === undefined ? {} : { minimum: language.minimum }),
    },
  };
}

function platformOf({ onPlatform, sideBySide }: Analysis): Pick<ReportInputs, 'platform' | 'prices'> {
  if (onPlatform === undefined) return {};
  const { chosen } = onPlatform;
  const prices = onPlatform.prices ?? sideBySide?.prices;
  return {
    ...(prices === undefined ? {} : { prices: { id: prices.id, asOf: prices.asOf } }),
    platform: shownPlatform(chosen),
  };
}

export function shownPlatform({ name, text, alwaysOn, region = alwaysOn?.region, spot, routed }: ChosenPlatform): ReportPlatform {
  return {
    name,
    text,
    ...(region === undefined ? {} : { region }),
    ...(spot ? { spot } : {}),
    ...(alwaysOn && {
      alwaysOn: {
        type: alwaysOn.type,
        count: alwaysOn.count,
        ...(alwaysOn.perMonth === undefined ? {} : { perMonth: significant(alwaysOn.perMonth) }),
      },
    }),
    ...(routed && { routed: routed.map(({ calls, chosen }) => ({ calls, platform: shownPlatform(chosen) })) }),
  };
}
