#!/usr/bin/env node
// CommonJS, as all that is loaded here: the loader of modules takes longer than some commands.
const { main } = require('../dist/pipeopt.cjs');

main(process.argv).then((code) => {
  process.exitCode ??= code; // Where the output was lost, that has been said already.
});
