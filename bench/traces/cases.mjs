// How a case of cases.json is put to pipeopt.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** `{here}` in a param stands for the folder of the case's own sheets. */
function placed(value, folder) {
  return typeof value === 'string' ? value.replaceAll('{here}', folder) : value;
}

/** @returns what `reportOf` takes: the pipeline's path and options, without the bound counts */
export function optionsOf(one, folder) {
  const sheets = join(HERE, one.sheets ?? one.name);
  return {
    pipeline: one.entry === undefined ? folder : join(folder, one.entry),
    options: {
      ...(one.params === undefined
        ? {}
        : { params: Object.fromEntries(Object.entries(one.params).map(([name, value]) => [name, placed(value, sheets)])) }),
      ...(one.profile === undefined ? {} : { profile: one.profile }),
      flags: one.flags ?? [],
      cwd: HERE,
    },
  };
}

/** The bound counts, as flags: at most four of them (the bar). */
export function bindingFlags(one) {
  return Object.entries(one.bind ?? {}).flatMap(([dimension, count]) =>
    dimension === 'samples' ? ['--samples', String(count)] : ['--set-size', `${dimension}=${count}`],
  );
}
