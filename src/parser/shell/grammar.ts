/**
 * The wasm of tree-sitter and of its bash grammar: two files that the build puts beside the bundle, and that a checkout has in node_modules.
 * V8 compiles them on other threads, so whoever is going to read scripts has that begun early, and loads the rest meanwhile.
 */
import { existsSync, readFileSync } from 'node:fs';

/** Node's types have not got it, and a browser's would bring all the rest. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<WasmModule>;
  readonly Instance: new (module: WasmModule, imports: object) => object;
};
type WasmModule = object;

export interface Grammar {
  /** What runs it. */
  readonly runtime: WasmModule;
  readonly language: WasmModule;
}

export function instantiate(module: WasmModule, imports: object): object {
  return new WebAssembly.Instance(module, imports);
}

let compiling: Promise<Grammar> | undefined;

export function compileGrammar(): Promise<Grammar> {
  if (compiling === undefined) {
    compiling = compile();
    // Who waits for it is told of a failure; until somebody does, it is none that nobody handles.
    compiling.catch(() => {});
  }
  return compiling;
}

async function compile(): Promise<Grammar> {
  const [runtime, language] = await Promise.all(['web-tree-sitter', 'tree-sitter-bash'].map((name) => WebAssembly.compile(wasm(name))));
  return { runtime: runtime as WasmModule, language: language as WasmModule };
}

function wasm(name: string): Uint8Array {
  const places = ['./', `../../../node_modules/${name}/`, `../../node_modules/${name}/`].map(
    (folder) => new URL(`${folder}${name}.wasm`, import.meta.url),
  );
  const place = places.find((one) => existsSync(one));
  if (place === undefined) throw new Error(`${name}.wasm is missing from the installation of pipeopt: install it again`);
  return new Uint8Array(readFileSync(place));
}
