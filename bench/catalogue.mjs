// `npm run catalogue -- DIR... [--traces DIR] [--top N]`: how much of real scripts' commands the catalogue knows.
// All process scripts below each DIR (`script:` and `shell:`, not `stub:` nor `exec:`) are cut into command words, by use: a
// tool that a script calls three times counts three times. Not counted: shell words and coreutils, quoted text,
// here-documents (version blocks among them), words made at run time, scripts in the pipeline's own `bin/`. A hole filled by
// a variable of the script that is a plain string takes that string (the first, where there is a choice).
// --traces: also the commands kept in trace files (a `script` column), and, since most traces keep none, those of the
// processes below DIR whose names the traces give, by tasks.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));
const ENTRY = `
export { parse } from './src/parser/syntax/parser.ts';
export { childrenOf } from './src/parser/syntax/walk.ts';
export { SourceFile } from './src/source/source-file.ts';`;

/** Scripts that a pipeline brings along (`bin/`, `resources/usr/bin/`) are its own, and no tools. */
function ownScripts(folder, into = new Set()) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || ['.git', 'node_modules', '.nextflow', 'work'].includes(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.name === 'bin') for (const name of readdirSync(path)) into.add(name);
    else ownScripts(path, into);
  }
  return into;
}

/** POSIX and GNU coreutils, shell keywords and builtins, and what every container has beside them: `catalogue/tools-shell.json` speaks of these. */
const SHELL_WORDS = new Set(
  (
    '[ [[ . : alias awk base64 basename bash bunzip2 bzcat bzip2 break builtin cat cd chgrp chmod chown cksum cmp col column comm command continue cp csplit ' +
    'cut date dd declare df diff dirname dirs du echo egrep env eval exec exit expand export expr factor false fgrep file find fmt fold ' +
    'gawk getconf getopts grep groups gunzip gzip hash head hexdump hostname iconv id install jobs join kill let link ln local locale ls lsof ' +
    'mapfile mawk md5sum mkdir mkfifo mktemp more mount mv nice nl nohup nproc numfmt od paste patch pgrep pidof popd printf ps pushd ' +
    'pwd read readarray readlink readonly realpath rename return rev rm rmdir sed seq set sh sha1sum sha256sum sha512sum shift shopt shuf ' +
    'sleep sort source split stat stdbuf stty sum sync tac tail tar tee test time timeout touch tr trap true truncate tsort tty type ' +
    'ulimit umask uname unalias uncompress uniq unlink unset unxz unzip wait wc which whoami whereis xargs xxd xz xzcat yes zcat zdiff zgrep zip zless ' +
    'zsh tput clear printenv getent free top mountpoint bc dc ed ex vi less tree strings sponge gzcat fallocate pigz unpigz zstd unzstd zstdcat lz4 ' +
    'perl python python2 python3 Rscript R java node julia'
  ).split(/\s+/),
);

/** Words behind which the command proper stands, and their options that take a value. */
const WRAPPERS = {
  command: '',
  env: '-u -C',
  exec: '-a',
  nice: '-n',
  nohup: '',
  stdbuf: '-i -o -e',
  time: '-f -o',
  timeout: '-s -k',
  xargs: '-I -n -P -L -d -a -s',
};
const INTERPRETERS = /^(?:python[23]?(?:\.\d+)?|perl|Rscript|bash|sh|java)$/;
const HOLE = '\u0000';

/** The commands of a shell text, each as its words; quoted parts are kept as `\u0001`, holes as `\u0000`. */
export function commandsOf(text) {
  const commands = [];
  let at = 0;
  const heredocs = [];
  const functions = new Set();

  function skipHeredocs() {
    for (const { word, tabs } of heredocs.splice(0)) {
      while (at < text.length) {
        const end = text.indexOf('\n', at);
        const line = text.slice(at, end < 0 ? text.length : end);
        at = end < 0 ? text.length : end + 1;
        if ((tabs ? line.trimStart() : line).trimEnd() === word) break;
      }
    }
  }

  /** Behind the opening quote; gives whether anything made it more than plain text, and the text. */
  function doubleQuoted() {
    let plain = '';
    while (at < text.length && text[at] !== '"') {
      if (text[at] === '\\') at += 1;
      else if (text.startsWith('$(', at) && text[at + 2] !== '(') {
        at += 2;
        list(')');
        plain += '\u0001';
        continue;
      } else if (text[at] === '`') {
        at += 1;
        list('`');
        plain += '\u0001';
        continue;
      }
      plain += text[at] ?? '';
      at += 1;
    }
    at += 1;
    return plain;
  }

  function braced() {
    let depth = 0;
    do {
      if (text[at] === '{') depth += 1;
      if (text[at] === '}') depth -= 1;
      at += 1;
    } while (depth > 0 && at < text.length);
  }

  function arithmetic() {
    const end = text.indexOf('))', at);
    at = end < 0 ? text.length : end + 2;
  }

  /** Commands up to the closing character, in the order of their first words. */
  function list(closing) {
    let words = [];
    let word = null;
    let quoted = false;
    let skipNext = false;
    const caseDepth = [];
    const endWord = () => {
      if (word !== null) {
        if (skipNext) skipNext = false;
        else words.push(quoted && words.length === 0 && /[\s]/.test(word) ? '\u0001' : word);
      }
      word = null;
      quoted = false;
    };
    const endCommand = () => {
      endWord();
      skipNext = false;
      if (words.length > 0) commands.push(words);
      words = [];
    };
    while (at < text.length) {
      const c = text[at];
      if (c === closing && (closing !== ')' || caseDepth.length === 0)) {
        at += 1;
        endCommand();
        return;
      }
      if (c === '\\') {
        if (text[at + 1] === '\n') at += 2;
        else {
          word = (word ?? '') + (text[at + 1] ?? '');
          at += 2;
        }
      } else if (c === "'") {
        const end = text.indexOf("'", at + 1);
        word = (word ?? '') + text.slice(at + 1, end < 0 ? text.length : end);
        quoted = true;
        at = end < 0 ? text.length : end + 1;
      } else if (c === '"') {
        at += 1;
        word = (word ?? '') + doubleQuoted();
        quoted = true;
      } else if (c === '#' && word === null) {
        while (at < text.length && text[at] !== '\n') at += 1;
      } else if (text.startsWith('$((', at) || (text.startsWith('((', at) && words.length === 0 && word === null)) {
        at += 3;
        arithmetic();
        word = `${word ?? ''}\u0001`;
      } else if (text.startsWith('$(', at) || ((c === '<' || c === '>') && text[at + 1] === '(')) {
        at += 2;
        list(')');
        word = `${word ?? ''}\u0001`;
      } else if (c === '$' && text[at + 1] === '{') {
        at += 1;
        braced();
        word = `${word ?? ''}\u0001`;
      } else if (c === '`') {
        at += 1;
        list('`');
        word = `${word ?? ''}\u0001`;
      } else if (text.startsWith('<<<', at)) {
        endWord();
        at += 3;
      } else if (text.startsWith('<<', at)) {
        if (word !== null && /^\d+$/.test(word)) word = null;
        endWord();
        const found = /^<<(-?)\s*(["']?)(\S+?)\2(?=[\s;|&)]|$)/.exec(text.slice(at, at + 200));
        at += found === null ? 2 : found[0].length;
        if (found !== null) heredocs.push({ word: found[3].replace(/^\\/, ''), tabs: found[1] === '-' });
      } else if (c === '>' || c === '<') {
        if (word !== null && /^\d+$/.test(word)) word = null;
        endWord();
        at += 1;
        while (text[at] === '>' || text[at] === '|') at += 1;
        if (text[at] === '&') {
          at += 1;
          if (/[\d-]/.test(text[at] ?? '')) {
            while (/[\d-]/.test(text[at] ?? '')) at += 1;
            continue;
          }
        }
        skipNext = true;
      } else if (c === '&' && text[at + 1] === '>') {
        endWord();
        at += 2;
        skipNext = true;
      } else if (c === '\n') {
        endCommand();
        at += 1;
        skipHeredocs();
      } else if (c === ';' || c === '|' || c === '&') {
        if (text.startsWith(';;', at) && caseDepth.length > 0) caseDepth[caseDepth.length - 1] = 'pattern';
        endCommand();
        at += 1;
      } else if (c === '(') {
        if (word !== null && words.length === 0 && /^\s*\)/.test(text.slice(at + 1, at + 20))) {
          functions.add(word);
          word = null;
          at = text.indexOf(')', at) + 1;
        } else if (word?.endsWith('=')) {
          // An array.
          at += 1;
          let depth = 1;
          while (at < text.length && depth > 0) {
            if (text[at] === '(') depth += 1;
            if (text[at] === ')') depth -= 1;
            at += 1;
          }
        } else if (caseDepth.at(-1) === 'pattern') at += 1;
        else {
          endCommand();
          at += 1;
          list(')');
        }
      } else if (c === ')') {
        if (caseDepth.at(-1) === 'pattern') {
          caseDepth[caseDepth.length - 1] = 'body';
          word = null;
          words = [];
        } else endCommand();
        at += 1;
      } else if (/\s/.test(c)) {
        endWord();
        at += 1;
        if (words.length === 1 && /^(?:if|then|else|elif|do|while|until|!|\{|\}|fi|done|time)$/.test(words[0])) words = [];
        if (words.length === 3 && words[0] === 'case' && words[2] === 'in') {
          words = [];
          caseDepth.push('pattern');
        }
        if (words.length === 1 && words[0] === 'esac') {
          words = [];
          caseDepth.pop();
        }
      } else {
        word = (word ?? '') + c;
        at += 1;
        if (word === 'esac' && caseDepth.length > 0 && words.length === 0 && !/\w/.test(text[at] ?? '')) {
          caseDepth.pop();
          word = null;
        }
      }
    }
    endCommand();
  }

  while (at < text.length) list('');
  return commands.map(unwrapped).filter((words) => words.length > 0 && !functions.has(words[0]));
}

/** Without assignments, loop heads, wrappers and interpreters in front: the words of what really runs. */
function unwrapped(words) {
  let rest = words;
  for (;;) {
    while (
      rest.length > 0 &&
      (/^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/.test(rest[0]) || /^(?:if|then|else|elif|do|while|until|!|\{|\}|fi|done|esac)$/.test(rest[0]))
    )
      rest = rest.slice(1);
    if (rest.length === 0 || /^(?:for|select|case|function|in)$/.test(rest[0])) return [];
    const name = rest[0].slice(rest[0].lastIndexOf('/') + 1);
    if (Object.hasOwn(WRAPPERS, name)) {
      const valued = WRAPPERS[name].split(' ');
      let from = 1;
      while (from < rest.length && (rest[from].startsWith('-') || (name === 'timeout' && /^\d/.test(rest[from]))))
        from += valued.includes(rest[from]) ? 2 : 1;
      if (from >= rest.length) return [name];
      rest = rest.slice(from);
      continue;
    }
    if (INTERPRETERS.test(name)) {
      const jar = rest.indexOf('-jar');
      const script = jar > 0 ? jar + 1 : rest.findIndex((word, index) => index > 0 && !word.startsWith('-'));
      const inline = rest.some((word) => /^-(?:c|e|m|ne|pe|lane|ane)$/.test(word));
      if (script > 0 && !(inline && jar < 0) && /\.(?:py|pl|R|r|sh|jar)$/.test(rest[script] ?? '')) {
        rest = [rest[script].replace(/\.jar$/, ''), ...rest.slice(script + 1)];
        continue;
      }
    }
    return [name, ...rest.slice(1)];
  }
}

/** The texts of a process's script, holes filled where a plain string of the script fills them. */
function textsOf({ childrenOf }, process) {
  const strings = new Map();
  const texts = [];
  function learn(node) {
    const declared =
      node.kind === 'DeclarationStatement'
        ? node.declarations.map((one) => [one.name.name, one.value])
        : node.kind === 'AssignmentExpression' && node.target.kind === 'VariableExpression'
          ? [[node.target.name, node.value]]
          : [];
    for (const [name, value] of declared) if (value && !(strings.get(name)?.length > 0)) strings.set(name, valuesOf(value));
    for (const child of childrenOf(node)) learn(child);
  }
  function valuesOf(node) {
    if (node.kind === 'ConstantExpression' && typeof node.value === 'string') return [node];
    if (node.kind === 'GStringExpression') return [node];
    if (node.kind === 'TernaryExpression') return [...valuesOf(node.whenTrue), ...valuesOf(node.whenFalse)];
    return [];
  }
  function render(node, depth) {
    if (node.kind === 'ConstantExpression') return String(node.value);
    return node.parts
      .map((part) => {
        if (part.kind === 'GStringText') return part.value;
        const { expression } = part;
        const found = expression.kind === 'VariableExpression' && depth < 3 ? strings.get(expression.name) : undefined;
        const filled = (found ?? []).map((one) => render(one, depth + 1)).find((one) => one.trim() !== '');
        return filled ?? HOLE;
      })
      .join('');
  }
  function collect(statement) {
    if (statement.kind === 'ExpressionStatement' || statement.kind === 'ReturnStatement') {
      const expression = statement.kind === 'ReturnStatement' ? statement.value : statement.expression;
      if (expression) for (const one of valuesOf(unwrapStrip(expression))) texts.push(render(one, 0));
    } else if (!/Loop|Closure/.test(statement.kind))
      for (const child of childrenOf(statement)) if (/Statement$/.test(child.kind)) collect(child);
  }
  for (const statement of process.script.statements) learn(statement);
  for (const statement of process.script.statements) collect(statement);
  return texts.filter((text) => !/^\s*#!(?!.*\b(?:ba|z|da)?sh\b)/.test(text));
}

/** `"""…""".stripIndent()` is its string. */
function unwrapStrip(expression) {
  if (
    expression.kind === 'MethodCallExpression' &&
    expression.object &&
    /^(?:stripIndent|trim|stripMargin)$/.test(expression.method.name ?? '')
  )
    return unwrapStrip(expression.object);
  return expression;
}

function processesBelow(core, folder, own = ownScripts(folder)) {
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!['.git', 'node_modules', '.nextflow', 'work', 'tests'].includes(entry.name)) found.push(...processesBelow(core, path, own));
    } else if (entry.name.endsWith('.nf')) {
      const open = [core.parse(new core.SourceFile(path, readFileSync(path, 'utf8')), 'script').tree];
      for (let node = open.pop(); node !== undefined; node = open.pop()) {
        if (node.kind === 'ProcessNode' && node.script && node.script.section !== 'exec')
          found.push({
            path,
            name: node.name.name,
            commands: textsOf(core, node)
              .flatMap(commandsOf)
              .filter(([name]) => !own.has(name)),
          });
        else open.push(...core.childrenOf(node));
      }
    }
  }
  return found;
}

export function loadCatalogue(folder = join(root, 'catalogue')) {
  const tools = new Map();
  for (const file of ['tools.json', 'tools-shell.json']) {
    if (!existsSync(join(folder, file))) continue;
    for (const spec of JSON.parse(readFileSync(join(folder, file), 'utf8'))) {
      const specs = tools.get(spec.tool) ?? [];
      specs.push(spec);
      tools.set(spec.tool, specs);
    }
  }
  return tools;
}

/** The row for a command: that of its subcommand (words one after another; one that begins with `-` anywhere), else the tool's own. */
export function specFor(tools, words) {
  const specs = tools.get(words[0]);
  if (specs === undefined) return undefined;
  const rest = words.slice(1);
  const first = rest.findIndex((word, index) => !/^[-\u0000]/.test(word) && rest[index - 1] !== '--java-options');
  const fits = ({ subcommand }) => {
    if (subcommand === undefined) return false;
    const wanted = subcommand.split(' ');
    const from = wanted[0].startsWith('-') ? rest.indexOf(wanted[0]) : first;
    return from >= 0 && wanted.every((word, index) => rest[from + index] === word);
  };
  const fitting = specs.filter(fits).sort((a, b) => b.subcommand.length - a.subcommand.length);
  return fitting[0] ?? specs.find(({ subcommand }) => subcommand === undefined);
}

class Tally {
  uses = 0;
  covered = 0;
  known = 0;
  missing = new Map();
  add(tools, words, times = 1) {
    const [name] = words;
    if (SHELL_WORDS.has(name) || /[\u0000\u0001$*]/.test(name) || !/[A-Za-z]/.test(name)) return;
    this.uses += times;
    const spec = specFor(tools, words);
    if (spec !== undefined) {
      this.covered += times;
      if (spec.evidence !== 'knowledge') this.known += times;
    } else {
      const sub = words.slice(1).find((word) => !word.startsWith('-')) ?? '';
      const key = tools.has(name) && /^[\w.-]+$/.test(sub) ? `${name} ${sub}` : name;
      this.missing.set(key, (this.missing.get(key) ?? 0) + times);
    }
  }
  print(title, top) {
    const share = (part) => `${((100 * part) / Math.max(1, this.uses)).toFixed(1)} %`;
    console.log(
      `${title}: ${this.uses} uses of tools, ${this.covered} covered (${share(this.covered)}), ${share(this.known)} by more than general knowledge`,
    );
    const list = [...this.missing].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, top);
    if (list.length > 0) console.log(`  not covered, most used first: ${list.map(([name, times]) => `${name} ${times}`).join(', ')}`);
  }
}

/** Rows of a table as Nextflow or Seqera writes it; quoted fields may hold line breaks. */
function rowsOf(text) {
  const separator = text.slice(0, text.indexOf('\n')).includes('\t') ? '\t' : ',';
  const rows = [];
  let row = [''];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const c = text[at];
    if (c === '"') quoted = !quoted;
    else if (!quoted && c === separator) row.push('');
    else if (!quoted && c === '\n') {
      rows.push(row);
      row = [''];
    } else row[row.length - 1] += c;
  }
  const [header, ...body] = rows;
  return body.map((fields) => Object.fromEntries((header ?? []).map((name, index) => [name.trim(), fields[index]])));
}

/** How many tasks of each process the traces below a folder have, and the scripts that they keep. */
function tracesBelow(folder) {
  const tasks = new Map();
  const scripts = [];
  const count = (name) => {
    const process = /([A-Za-z_]\w*)\s*(?:_\d+)?\s*(?:\(.*)?$/s.exec((name ?? '').replace(/_\d+$/, '').replace(/\s*\(.*$/s, ''))?.[1];
    if (process !== undefined) tasks.set(process, (tasks.get(process) ?? 0) + 1);
  };
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (!entry.isFile()) continue;
    if (/wfinstances/.test(path) && entry.name.endsWith('.json')) {
      for (const { id } of JSON.parse(readFileSync(path, 'utf8')).workflow.execution.tasks) count(id.replaceAll('.', ':'));
    } else if (/\.(?:csv|tsv|txt)$/.test(entry.name) && !/README|INDEX|summary|\.cur\./.test(entry.name)) {
      for (const row of rowsOf(readFileSync(path, 'utf8'))) {
        if (row.script) scripts.push(row.script);
        else count(row.process ?? row.name ?? row.Task);
      }
    }
  }
  return { tasks, scripts };
}

async function main(argv) {
  const option = (name) => {
    const at = argv.indexOf(name);
    return at < 0 ? undefined : argv.splice(at, 2)[1];
  };
  const traces = option('--traces');
  const top = Number(option('--top') ?? 40);
  if (argv.length === 0) {
    console.error('usage: node bench/catalogue.mjs DIR... [--traces DIR] [--top N]');
    return 2;
  }
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: root },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    logLevel: 'warning',
  });
  const core = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
  const tools = loadCatalogue();
  console.log(`${[...tools.values()].flat().length} rows for ${tools.size} tools`);
  const byName = new Map();
  for (const folder of argv.map((one) => resolve(one))) {
    const tally = new Tally();
    const processes = processesBelow(core, folder);
    for (const { name, commands } of processes) {
      byName.set(name, commands);
      for (const words of commands) tally.add(tools, words);
    }
    tally.print(`${folder} (${processes.length} processes)`, top);
  }
  if (traces !== undefined) {
    const { tasks, scripts } = tracesBelow(resolve(traces));
    const kept = new Tally();
    for (const words of scripts.flatMap(commandsOf)) kept.add(tools, words);
    kept.print(`${scripts.length} scripts kept in traces`, top);
    const named = new Tally();
    let found = 0;
    let all = 0;
    for (const [name, times] of tasks) {
      all += times;
      if (!byName.has(name)) continue;
      found += times;
      for (const words of byName.get(name)) named.add(tools, words, times);
    }
    named.print(`processes named in traces (${found} of ${all} tasks have a process of that name below DIR)`, top);
  }
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
