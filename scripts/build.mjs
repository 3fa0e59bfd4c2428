// Bundles the command line into one file (plain imports of its packages cost 110 ms of start-up) and the library into another.
import { readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
// Chunks are named by their content: those of the build before would stay and be packed.
rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
const shared = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  define: { PIPEOPT_VERSION: JSON.stringify(version) },
  // Bundled CommonJS packages ask for node's own modules by `require`.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
};
await build({
  ...shared,
  entryPoints: ['src/cli/main.ts'],
  outdir: 'dist',
  entryNames: 'pipeopt',
  chunkNames: '[name]-[hash]',
  splitting: true,
});
await build({ ...shared, entryPoints: ['src/index.ts'], outfile: 'dist/index.js' });
