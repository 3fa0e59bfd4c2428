// Writes docs/rules/*.md from the rules themselves. `npx vitest run test/analysis` says when a page is out of date.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const root = new URL('../', import.meta.url);
const folder = new URL('docs/rules/', root);
const entry = "export { allRules } from './src/analysis/rules/index.ts'; export { ruleList, rulePage } from './src/analysis/rule-page.ts';";
const bundle = await build({
  stdin: { contents: entry, resolveDir: new URL('.', root).pathname },
  bundle: true,
  platform: 'node',
  format: 'esm',
  write: false,
});
const { allRules, ruleList, rulePage } = await import(
  `data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].contents).toString('base64')}`
);

mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (name.endsWith('.md')) rmSync(new URL(name, folder));
for (const rule of allRules) writeFileSync(new URL(`${rule.id}.md`, folder), rulePage(rule));
writeFileSync(new URL('README.md', folder), ruleList(allRules));
