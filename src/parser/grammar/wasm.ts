/**
 * The wasm of tree-sitter and of its grammars: files that the build puts beside the bundle, and that a checkout has in node_modules. V8
 * compiles them on other threads, so whoever is going to read scripts has the shell's begun early, and loads the rest meanwhile; the
 * others are compiled when there is a text to read in them.
 */
import { existsSync, readFileSync } from 'node:fs';

/** Node's types have not got it, and a browser's would bring all the rest. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<WasmModule>;
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: object) => object;
};
export type WasmModule = object;

export type GrammarName = 'bash' | 'python' | 'r';

/** Where the package lies. What is beside the bundle is called after the last part. */
const PACKAGES: Readonly<Record<GrammarName, string>> = {
  bash: 'tree-sitter-bash',
  python: 'tree-sitter-python',
  r: '@davisvaughan/tree-sitter-r',
};

export interface ShellGrammar {
  /** What runs it, and any other. */
  readonly runtime: WasmModule;
  readonly language: WasmModule;
}

export function instantiate(module: WasmModule, imports: object): object {
  return new WebAssembly.Instance(module, imports);
}

let compiling: Promise<ShellGrammar> | undefined;

export function compileShellGrammar(): Promise<ShellGrammar> {
  if (compiling === undefined) {
    compiling = compile();
    // Who waits for it is told of a failure; until somebody does, it is none that nobody handles.
    compiling.catch(() => {});
  }
  return compiling;
}

async function compile(): Promise<ShellGrammar> {
  const [runtime, language] = await Promise.all(['web-tree-sitter', PACKAGES.bash].map((name) => WebAssembly.compile(wasm(name))));
  return { runtime: runtime as WasmModule, language: language as WasmModule };
}

/** At once, on this thread. */
export function grammarModule(name: GrammarName): WasmModule {
  return new WebAssembly.Module(wasm(PACKAGES[name]));
}

/** Beside the bundle, or where a checkout's packages lie. */
function wasm(folder: string): Uint8Array {
  const name = `${folder.slice(folder.lastIndexOf('/') + 1)}.wasm`;
  const places = ['./', `../../../node_modules/${folder}/`, `../../node_modules/${folder}/`].map(
    (way) => new URL(`${way}${name}`, import.meta.url),
  );
  const place = places.find((one) => existsSync(one));
  if (place === undefined) throw new Error(`${name} is missing from the installation of pipeopt: install it again`);
  return new Uint8Array(readFileSync(place));
}
