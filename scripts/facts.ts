// `npm run -s facts -- DIR`: what each file below DIR declares, as JSON Lines: every `*.nf` and `*.config`, in byte order of
// the paths relative to DIR. The fields are those of scripts/facts/script.ts and config.ts.
// `test/conformance/facts.mjs` compares them with what Nextflow's own parser says.
// Exit 2: DIR is not there.
import { readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { openFolder } from '../src/parser/pipeline/disk.ts';
import { factsOf, unreadable } from './facts/facts.ts';

const READ = /\.(nf|config)$/;

/** Paths relative to `folder`, `/` between their parts. Links to folders are not followed: they may lead in circles. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => READ.test(entry.name) && !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort((one, two) => Buffer.compare(Buffer.from(one), Buffer.from(two)));
}

function main(folder: string | undefined): number {
  if (folder === undefined || !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    console.error(folder === undefined ? 'usage: npm run -s facts -- DIR' : `${folder} is no folder`);
    return 2;
  }
  const tree = openFolder(folder);
  for (const path of filesBelow(folder)) {
    const content = tree.read(path);
    const facts = content === undefined ? unreadable(path, tree.trouble(path) ?? 'it cannot be read') : factsOf(path, content);
    process.stdout.write(`${JSON.stringify(facts)}\n`);
  }
  return 0;
}

process.exitCode = main(process.argv[2]);
