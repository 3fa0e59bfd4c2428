// `npm run -s shell -- DIR [--unread] [--unknown] [--opaque] [--cpus]`: reads the script of every process below DIR, each by itself, and prints how
// many could be read and why others could not, which share of their commands is in the catalogue, and which inputs nothing reads.

import { buildProcessGraph } from '../src/parser/graph/build.ts';
import { Walker } from '../src/parser/graph/walker.ts';
import { effectiveDirectives } from '../src/parser/pipeline/directives.ts';
import { openPipeline } from '../src/parser/pipeline/disk.ts';
import { loadPipeline } from '../src/parser/pipeline/load.ts';
import { loadBash } from '../src/parser/shell/bash.ts';
import { readProcess, readScript } from '../src/parser/shell/read-script.ts';
import type { ScriptReading } from '../src/parser/shell/script-reading.ts';
import type { SourceRange } from '../src/source/source-file.ts';

const place = ({ file, start }: SourceRange): string => `${file.path}:${file.positionAt(start).line}`;

/** Of the processor: other work on the machine does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function count<K>(into: Map<K, number>, key: K): void {
  into.set(key, (into.get(key) ?? 0) + 1);
}

function most<K>(counts: ReadonlyMap<K, number>, n: number): [K, number][] {
  return [...counts].sort((one, two) => two[1] - one[1]).slice(0, n);
}

const [folder, ...flags] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: npm run -s shell -- DIR');
  process.exitCode = 2;
} else {
  const { tree, entryPath } = openPipeline(folder);
  const pipeline = loadPipeline(tree, entryPath, { fileParams: {}, commandLineParams: {}, profiles: [], configs: [] });
  const bash = await loadBash();
  const readings: { name: string; reading: ScriptReading }[] = [];
  let ms = 0;
  const reads: { name: string; run: () => ScriptReading }[] = [];
  if (pipeline.kind === 'library') {
    const walker = new Walker(pipeline);
    for (const path of pipeline.libraryPaths) {
      const script = pipeline.store.script(path);
      if (script === undefined) continue;
      const { frame } = walker.load(script, () => pipeline.paramValues);
      for (const [name, node] of script.processes) {
        const directives = effectiveDirectives({
          process: node,
          script,
          frame,
          interpreter: walker.interpreter,
          config: pipeline.config,
          configInterpreter: pipeline.configInterpreter,
          names: [name, name, name],
        });
        const { interpreter } = walker;
        const request = { process: node, file: script.file, frame, interpreter, directives, tree, bash, openConfig: true };
        reads.push({ name: `${path} ${name}`, run: () => readProcess(request) });
      }
    }
  } else {
    const graph = buildProcessGraph(pipeline);
    const before = cpuMs();
    const distinct = new Map<ScriptReading, string>();
    for (const call of graph.calls) {
      const reading = readScript(call, { graph, bash });
      if (!distinct.has(reading)) distinct.set(reading, `${call.script.file.path} ${call.id}`);
    }
    console.log(
      `${graph.calls.length} calls, ${distinct.size} readings, ${(cpuMs() - before).toFixed(0)} ms of processor, with what settings cost`,
    );
    for (const [reading, name] of distinct) reads.push({ name, run: () => reading });
  }
  for (let round = flags.includes('--warm') ? 0 : 1; round < 2; round += 1) {
    readings.length = 0;
    const start = cpuMs();
    for (const { name, run } of reads) readings.push({ name, reading: run() });
    ms = cpuMs() - start;
  }
  const opaque = readings.filter(({ reading }) => reading.opaque !== undefined);
  const parsed = readings.length - opaque.length;
  const unparsed = opaque.filter(({ reading }) => /parsed|longer|nested|work/.test(reading.opaque ?? ''));
  console.log(
    `${readings.length} processes, ${parsed} read (${((100 * parsed) / readings.length).toFixed(1)} %), ${unparsed.length} that should parse and do not; ${readings.reduce((sum, { reading }) => sum + reading.variants, 0)} variants; ${(ms / readings.length).toFixed(3)} ms of processor each`,
  );
  const reasons = new Map<string, number>();
  for (const { name, reading } of opaque) {
    count(
      reasons,
      (reading.opaque as string)
        .replace(/\$\{.*\} may/, '${…} may')
        .replace(/line \d+/, 'line N')
        .replace(/template \S+/, 'template X'),
    );
    if (flags.includes('--opaque')) console.log(`  opaque ${name}: ${reading.opaque}`);
  }
  for (const [reason, n] of most(reasons, 20)) console.log(`  ${n}  ${reason}`);
  const commands = readings.flatMap(({ reading }) => reading.steps.flatMap((step) => step.commands));
  const known = commands.filter((command) => command.spec !== undefined);
  const missing = new Map<string, number>();
  for (const command of commands)
    if (command.spec === undefined)
      count(
        missing,
        command.name === undefined
          ? '(made at run time)'
          : `${command.name}${command.subcommand === undefined ? '' : ` ${command.subcommand}`}`,
      );
  console.log(
    `${commands.length} commands, ${known.length} in the catalogue; most often missing: ${most(
      missing,
      flags.includes('--unknown') ? 400 : 20,
    )
      .map(([name, n]) => `${name} ${n}`)
      .join(', ')}`,
  );
  if (flags.includes('--unknown'))
    for (const command of commands)
      if (command.name === undefined) console.log(`  ${place(command.range)} ${command.range.file.slice(command.range).split('\n')[0]}`);
  const uses = new Map<string, number>();
  for (const { reading } of readings) for (const input of reading.inputs) count(uses, `${input.qualifier} ${input.use}`);
  console.log(
    most(uses, 60)
      .map(([use, n]) => `${use} ${n}`)
      .join(', '),
  );
  const threads = new Map<string, number>();
  for (const { name, reading } of readings) {
    count(threads, reading.passesThreads);
    if (flags.includes('--cpus'))
      console.log(
        `  threads ${name}: ${reading.passesThreads} ${reading.steps
          .flatMap((step) => step.commands)
          .map((command) => `${command.name} ${command.threads?.flag ?? ''} ${command.threads?.value ?? ''}`)
          .join('; ')}`,
      );
  }
  console.log(
    `passes threads: ${most(threads, 3)
      .map(([use, n]) => `${use} ${n}`)
      .join(', ')}`,
  );
  const sames = readings.flatMap(({ name, reading }) =>
    reading.outputs
      .filter((output) => output.sameAs !== undefined && reading.inputs[output.sameAs]?.qualifier === 'path')
      .map((output) => `${name}: output ${output.name ?? output.output} is input ${reading.inputs[output.sameAs as number]?.name}`),
  );
  console.log(`${sames.length} files passed through`);
  if (flags.includes('--same')) for (const same of sames) console.log(`  ${same}`);
  const unread = readings.flatMap(({ name, reading }) =>
    reading.inputs.filter((input) => input.use === 'unread').map((input) => ({ name, input })),
  );
  // One of a tuple of which others are used comes with them: nothing waits for it alone.
  const alone = unread.filter(({ name, input }) =>
    readings.find((one) => one.name === name)?.reading.inputs.every((one) => one.input !== input.input || one.use === 'unread'),
  );
  console.log(
    `${unread.length} unread names, ${unread.filter(({ input }) => input.qualifier === 'path').length} of them files; ${alone.length} in inputs of which nothing is read`,
  );
  for (const { name, input } of new Set([...unread.filter(({ input }) => input.qualifier === 'path'), ...alone]))
    console.log(`  ${place(input.declared)} ${input.qualifier} ${input.name} (${name.split(' ')[1]})`);
  if (flags.includes('--maybe'))
    for (const { name, reading } of readings)
      for (const input of reading.inputs)
        if (input.use === 'maybe')
          console.log(
            `  maybe ${place(input.declared)} ${input.qualifier} ${input.name} (${name.split(' ')[1]}): ${input.evidence === undefined ? '' : `${place(input.evidence)} ${input.evidence.file.slice(input.evidence).replace(/\s+/g, ' ').slice(0, 80)}`}`,
          );
}
