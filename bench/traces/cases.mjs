// How a case of cases.json is put to pipeopt.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** `{here}` stands for the folder of the case's own sheets, `{pipeline}` for the checkout. */
function placed(value, places) {
  if (typeof value === 'string') return value.replaceAll('{here}', places.here).replaceAll('{pipeline}', places.pipeline);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, placed(one, places)]));
}

/** @param home the folder of cases.json, for who is bundled elsewhere
 * @returns what `reportOf` takes: the pipeline's path and options, without the bound counts */
export function optionsOf(one, folder, home = HERE) {
  const places = { here: join(home, one.sheets ?? one.name), pipeline: folder };
  return {
    pipeline: one.entry === undefined ? folder : join(folder, one.entry),
    options: {
      ...(one.params === undefined ? {} : { params: placed(one.params, places) }),
      ...(one.profile === undefined ? {} : { profile: one.profile }),
      flags: (one.flags ?? []).map((text) => placed(text, places)),
      cwd: home,
    },
  };
}

/** The bound counts, as flags: at most four of them (the bar). */
export function bindingFlags(one) {
  return Object.entries(one.bind ?? {}).flatMap(([dimension, count]) =>
    dimension === 'samples' ? ['--samples', String(count)] : ['--set-size', `${dimension}=${count}`],
  );
}
