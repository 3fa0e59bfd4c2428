/** Reading what the user names: params files, configs, sheets, traces, and whether a path is there at all. The cli's one door in. */
import { accessSync, closeSync, constants, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expandPaths } from '../parser/pipeline/expand.ts';
import { meant } from './did-you-mean.ts';
import { jsonError } from './json-error.ts';
import { EXIT, Trouble } from './trouble.ts';

/** A mistyped command is taken for a pipeline's name. */
const COMMANDS = ['analyze', 'graph', 'probe', 'experiment', 'rules', 'explain', 'prices', 'help'];
/** Params and configs are written by hand; this is a thousand times the largest seen. */
const LARGEST = 50_000_000;
/** A trace of a hundred thousand tasks has 40 MB, with all fields. */
const LARGEST_TRACE = 250_000_000;

export function readText(path: string, cwd: string, flag: string): string {
  return decoded(readBytes(path, cwd, flag, LARGEST)).replace(/^\ufeff/, '');
}

/** UTF-8 or, by its first two bytes, UTF-16, which PowerShell writes. */
function decoded(bytes: Buffer): string {
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return isUtf16 ? new TextDecoder(first === 0xff ? 'utf-16le' : 'utf-16be').decode(bytes) : bytes.toString('utf8');
}

function readBytes(path: string, cwd: string, flag: string, largest: number): Buffer {
  const full = resolve(cwd, path);
  try {
    const stat = statSync(full);
    if (stat.isDirectory()) throw folderTrouble(path, full, flag);
    if (stat.size > largest) throw tooLarge(`${flag} ${path}`, stat.size, largest);
    return readFileSync(full);
  } catch (error) {
    if (error instanceof Trouble) throw error;
    throw fileTrouble(error, `${flag} ${path}`, full);
  }
}

function folderTrouble(path: string, full: string, flag: string): Trouble {
  const files = (namesIn(full) ?? []).filter((name) => /\.(txt|tsv|csv|html|json|ya?ml|log|gz)$/i.test(name));
  const [first] = files;
  return new Trouble(`${flag} ${path}: that is a folder, a file was expected`, {
    hint: first === undefined ? 'name the file in it' : `name the file in it, such as ${join(path, first)}`,
  });
}

function tooLarge(what: string, size: number, largest: number): Trouble {
  return new Trouble(`${what}: ${Math.round(size / 1e6)} MB is more than pipeopt reads (${largest / 1e6} MB)`, {
    hint: 'is it the file that is meant? a trace is smaller without script and env in trace.fields',
  });
}

/**
 * What the user names by paths, globs, or several of them with commas, each with the part of the input that the run was on (`small.txt=0.03`, `small.txt=3%`); what is
 * packed by gzip is unpacked.
 */
export async function readTraces(
  patterns: readonly string[],
  cwd: string,
  flag = '--trace',
): Promise<{ path: string; text: string; scale?: number }[]> {
  const single = patterns.flatMap((pattern) =>
    pattern.includes(',') && !existsSync(resolve(cwd, pattern)) ? pattern.split(',') : [pattern],
  );
  const scales = new Map<string, number>();
  for (const given of single) {
    const { path, scale } = existsSync(resolve(cwd, given)) ? { path: given, scale: 1 } : withScale(given, flag);
    for (const { pattern, glob, paths: found } of await expandPaths([path], cwd)) {
      if (glob && found.length === 0) throw new Trouble(`${flag}: nothing matches ${pattern}`, { hint: `looked in ${cwd}` });
      for (const one of found) if (!scales.has(one)) scales.set(one, scale);
    }
  }
  let size = 0;
  return [...scales].map(([path, scale]) => {
    const text = decoded(unpacked(readBytes(path, cwd, flag, LARGEST_TRACE), `${flag} ${path}`));
    size += text.length;
    if (size > LARGEST_TRACE) throw tooLarge(`${flag} ${path}, with those before it`, size, LARGEST_TRACE);
    return { path, text, ...(scale === 1 ? {} : { scale }) };
  });
}

/** `small.txt=0.03`; a name without is of a run on the whole input. */
function withScale(given: string, flag: string): { path: string; scale: number } {
  const equals = given.lastIndexOf('=');
  if (equals < 1) return { path: given, scale: 1 };
  const [, number, percent] = /^(\d{1,6}(?:\.\d{1,9})?|\.\d{1,9})(%?)$/.exec(given.slice(equals + 1)) ?? [];
  const scale = Number(number) / (percent === '%' ? 100 : 1);
  if (!(scale > 0 && scale <= 1))
    throw new Trouble(
      `${flag} ${given}: ${given.slice(equals + 1) || 'nothing'} is ${scale > 1 ? 'more than the whole' : 'no share of the'} input`,
      {
        hint: 'a run on 3 % of the input is given as small.txt=0.03 or small.txt=3%; a file on the whole input by its name alone',
      },
    );
  return { path: given.slice(0, equals), scale };
}

function unpacked(bytes: Buffer, what: string): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: LARGEST_TRACE });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new Trouble(`${what}: unpacked it has more than pipeopt reads (${LARGEST_TRACE / 1e6} MB)`, {
        hint: 'a trace is smaller without script and env in trace.fields',
      });
    if (code === undefined || !code.startsWith('Z_')) throw error;
    const found =
      code === 'Z_BUF_ERROR' ? 'it is packed by gzip, and cut: its end is missing' : `it is packed by gzip, and broken (${code})`;
    throw new Trouble(`${what}: ${found}`, { hint: 'copy it anew; gzip -t tells whether it is whole' });
  }
}

/** JSON by its name, YAML by its name, as Nextflow's -params-file has it. */
export async function readParamsFile(path: string, cwd: string): Promise<Record<string, unknown>> {
  const value = await readStructured(path, cwd, '--params-file');
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new Trouble(
      `--params-file ${path}: a table of names and values was expected, not ${Array.isArray(value) ? 'a list' : `a ${typeof value}`}`,
      {
        hint: 'write it like {"input": "samples.csv"} or, in YAML, input: samples.csv',
      },
    );
  }
  if (nestsDeeper(value, DEEPEST_PARAMS)) {
    throw new Trouble(`--params-file ${path}: values nest more than ${DEEPEST_PARAMS} deep`, {
      hint: 'no pipeline reads params that deep',
    });
  }
  return value as Record<string, unknown>;
}

/** JSON by its name, YAML otherwise: what it holds, unchecked. */
export async function readStructured(path: string, cwd: string, flag: string): Promise<unknown> {
  const text = readText(path, cwd, flag);
  return /\.json$/i.test(path) ? parseJson(text, `${flag} ${path}`) : parseYaml(text, `${flag} ${path}`);
}

/** CSV and TSV are read by the core, which reads those of pipelines, too. */
export async function readSheet(path: string, cwd: string): Promise<{ path: string; text: string } | { path: string; rows: unknown }> {
  const text = readText(path, cwd, '--samplesheet');
  if (/\.json$/i.test(path)) return { path, rows: parseJson(text, `--samplesheet ${path}`) };
  if (/\.ya?ml$/i.test(path)) return { path, rows: await parseYaml(text, `--samplesheet ${path}`) };
  return { path, text };
}

const DEEPEST_PARAMS = 100;

/** Level by level and not by calling itself: the file may be made to exhaust the stack. */
function nestsDeeper(value: object, most: number): boolean {
  let level: object[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > most) return true;
    level = level.flatMap((one) => Object.values(one).filter((child): child is object => typeof child === 'object' && child !== null));
  }
  return false;
}

function parseJson(text: string, what: string): unknown {
  const error = jsonError(text);
  if (error !== undefined) throw new Trouble(`${what}: not JSON: line ${error.line}, column ${error.column}: ${error.message}`);
  return JSON.parse(text);
}

async function parseYaml(text: string, what: string): Promise<unknown> {
  // Most runs have no YAML to read; its parser costs them nothing.
  const { decodeYaml } = await import('../settings/yaml.ts');
  const decoded = decodeYaml(text);
  if ('value' in decoded) return decoded.value;
  const place = decoded.line === undefined ? '' : `line ${decoded.line}, column ${decoded.column}: `;
  throw new Trouble(`${what}: not YAML: ${place}${decoded.problem}`);
}

/** Enough for a first line; the file may be of any size. */
function beginningOf(full: string): string {
  const file = openSync(full, 'r');
  try {
    const bytes = Buffer.alloc(200);
    return bytes.toString('utf8', 0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

/** Says in plain words why a named pipeline cannot be one; silent when the core should look at it. */
export function checkPipelinePath(path: string, cwd: string): void {
  const full = resolve(cwd, path);
  let isFolder: boolean;
  let isFile: boolean;
  try {
    const stats = statSync(full);
    isFolder = stats.isDirectory();
    isFile = stats.isFile();
    accessSync(full, isFolder ? constants.R_OK | constants.X_OK : constants.R_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw missingPipeline(path, full);
    throw fileTrouble(error, path, full);
  }
  if (isFolder) {
    if (readdirSync(full).length === 0)
      throw new Trouble(`the folder ${path} is empty`, {
        exitCode: EXIT.noPipeline,
        hint: 'give the folder that holds main.nf, or the script itself',
      });
    return;
  }
  if (!isFile)
    throw new Trouble(`${path} is neither a file nor a folder`, {
      exitCode: EXIT.noPipeline,
      hint: 'give the folder that holds main.nf, or the script itself',
    });
  if (/\.nf$/i.test(path) || /^#!.*\bnextflow\b/.test(beginningOf(full))) return;
  throw new Trouble(`${path} is no Nextflow script (its name does not end in .nf)`, {
    exitCode: EXIT.noPipeline,
    hint: /\.config$/i.test(path)
      ? `a config is read together with its pipeline: pipeopt analyze ${dirname(path)}, or another one with -c ${path}`
      : 'give a main.nf, or the folder that holds one',
  });
}

function missingPipeline(path: string, full: string): Trouble {
  const repository = /^(?:https?:\/\/github\.com\/|git@github\.com:)?([A-Za-z0-9][\w.-]*\/[\w.-]+?)(?:\.git)?\/?$/.exec(path)?.[1];
  const folder = dirname(full);
  const names = namesIn(folder);
  const near = names === undefined ? undefined : meant(basename(full), names);
  const isAddress = /^(https?:|git@)/.test(path);
  if (repository !== undefined && near === undefined && !/\.(nf|config)$/i.test(path) && (isAddress || names === undefined)) {
    const name = repository.slice(repository.indexOf('/') + 1);
    return new Trouble(`${isAddress ? `${path} is an address` : `there is no folder ${path} here`}, and pipeopt never uses the network`, {
      exitCode: EXIT.noPipeline,
      hint: `bring the pipeline here first:\n  git clone https://github.com/${repository}\n  pipeopt analyze ${name}\nor, if Nextflow has fetched it already:\n  pipeopt analyze ~/.nextflow/assets/${repository}`,
    });
  }
  const scripts = (names ?? []).filter((name) => name.endsWith('.nf'));
  const tried = `looked for ${full}`;
  const command = meant(path, COMMANDS);
  const hint =
    near !== undefined
      ? `${tried}; did you mean ${join(dirname(path), near)}?`
      : command !== undefined
        ? `${tried}; did you mean the command pipeopt ${command}?`
        : scripts.length === 0
          ? tried
          : `${tried}; that folder has ${scripts.slice(0, 5).join(', ')}${scripts.length > 5 ? ` and ${scripts.length - 5} more` : ''}`;
  return new Trouble(`there is no file or folder ${path}`, { exitCode: EXIT.noPipeline, hint });
}

function namesIn(folder: string): string[] | undefined {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}

function fileTrouble(error: unknown, what: string, full: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const names = namesIn(dirname(full)) ?? [];
    if (names.includes(basename(full)))
      return new Trouble(`${what}: a link to what is not there`, { hint: `ls -l ${full} says where it leads` });
    const near = meant(basename(full), names);
    return new Trouble(`${what}: there is no such file`, {
      hint: `looked for ${full}${near === undefined ? '' : `; did you mean ${near}?`}`,
    });
  }
  if (code === 'EACCES' || code === 'EPERM')
    return new Trouble(`${what}: may not be read`, { hint: `its permissions forbid it: ls -ld ${full}` });
  return code === undefined ? error : new Trouble(`${what}: could not be read (${code})`);
}
