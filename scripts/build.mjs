// Bundles the command line (plain imports of its packages cost 110 ms of start-up) and the library.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
mkdirSync(new URL('../dist', import.meta.url));
/** A text that is parsed as JSON is read several times faster than the same as an object literal: of 450 KB that is felt. */
const jsonAsText = {
  name: 'json-as-text',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]catalogue[\\/].*\.json$/ }, ({ path }) => {
      const text = JSON.stringify(JSON.parse(readFileSync(path, 'utf8')));
      return { contents: `export default JSON.parse(${JSON.stringify(text)});`, loader: 'js' };
    });
  },
};
const require = createRequire(import.meta.url);
const shared = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minify: process.env.PLAIN === undefined,
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [jsonAsText],
  define: { PIPEOPT_VERSION: JSON.stringify(version) },
  // Bundled CommonJS packages ask for node's own modules by `require`.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
};
/** commander can start other programs. This one starts none, and need not load what could. */
const startsNothing = {
  name: 'starts-nothing',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ path }) => ({ path, namespace: 'nothing' }));
    onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: '' }));
  },
};
/** The command line reads the catalogue from files beside it: as text of the script V8 would have to read it twice, there and in the code that is kept of it. */
const jsonBeside = {
  name: 'json-beside',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]catalogue[\\/].*\.json$/ }, ({ path }) => {
      const name = `catalogue-${basename(path)}`;
      writeFileSync(new URL(`../dist/${name}`, import.meta.url), JSON.stringify(JSON.parse(readFileSync(path, 'utf8'))));
      const url = `new URL('./${name}', import.meta.url)`;
      return { contents: `import { readFileSync } from 'node:fs'; export default JSON.parse(readFileSync(${url}, 'utf8'));`, loader: 'js' };
    });
  },
};
/** What few runs need of Node is loaded when it is called: 8 ms of each run. */
const ON_DEMAND = { 'node:crypto': 'createHash', 'node:zlib': 'gunzipSync' };
const onDemand = {
  name: 'on-demand',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^(${Object.keys(ON_DEMAND).join('|')})$`) }, ({ path, namespace }) =>
      namespace === 'on-demand' ? { path, external: true } : { path, namespace: 'on-demand' },
    );
    onLoad({ filter: /.*/, namespace: 'on-demand' }, ({ path }) => ({
      contents: `export const ${ON_DEMAND[path]} = (...given) => require(${JSON.stringify(path)}).${ON_DEMAND[path]}(...given);`,
    }));
  },
};
/** `--version` is answered by a small file; all else is one script, so that what V8 compiles of it can be kept (bin/program.js). */
const programApart = {
  name: 'program-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/program\.ts$/ }, () => ({ path: '../bin/program.js', external: true }));
  },
};
const commandLine = {
  ...shared,
  format: 'cjs',
  supported: { 'dynamic-import': false },
  // Its module has a `require` of its own, which shadows that of the script.
  alias: { 'web-tree-sitter': require.resolve('web-tree-sitter') },
  define: { ...shared.define, 'import.meta.url': 'moduleUrl' },
};
await build({ ...commandLine, banner: {}, entryPoints: ['src/cli/main.ts'], outfile: 'dist/pipeopt.cjs', plugins: [programApart] });
await build({
  ...commandLine,
  plugins: [jsonBeside, startsNothing, onDemand],
  entryPoints: ['src/cli/program.ts'],
  outfile: 'dist/program.cjs',
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
});
// A character beyond ASCII would double what V8 has to hold of it; esbuild leaves those of regular expressions. The first line tells one from another.
const program = readFileSync(new URL('../dist/program.cjs', import.meta.url), 'utf8').replace(
  /[^\0-\x7f]/g,
  (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
);
writeFileSync(new URL('../dist/program.cjs', import.meta.url), `//${createHash('sha256').update(program).digest('hex')}\n${program}`);
await build({ ...shared, entryPoints: ['src/index.ts'], outfile: 'dist/index.js' });

// The grammars and what runs them: one file of each package, which is otherwise not needed (30 MB).
for (const folder of ['web-tree-sitter', 'tree-sitter-bash', 'tree-sitter-python', '@davisvaughan/tree-sitter-r']) {
  const name = `${folder.slice(folder.lastIndexOf('/') + 1)}.wasm`;
  copyFileSync(new URL(`../node_modules/${folder}/${name}`, import.meta.url), new URL(`../dist/${name}`, import.meta.url));
}

// The library's types: the compiler leaves `.ts` in their imports, which is right only beside the sources.
const root = new URL('..', import.meta.url).pathname;
execFileSync(process.execPath, [join(dirname(require.resolve('typescript/package.json')), 'bin/tsc'), '-p', 'tsconfig.types.json'], {
  cwd: root,
  stdio: 'inherit',
});
for (const name of readdirSync(join(root, 'dist/types'), { recursive: true })) {
  if (!name.endsWith('.d.ts')) continue;
  const path = join(root, 'dist/types', name);
  writeFileSync(path, readFileSync(path, 'utf8').replace(/((?:from|import\() ?['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2'));
}
