/** How a Python program says which arguments it takes: argparse and optparse by calls, click by what stands above a function. */
import type { SyntaxNode } from '../../grammar/grammar.ts';
import type { Given } from '../machine.ts';
import { atomsOf, CONTENT, NOTHING, oneOf, PLAIN, STREAM, textsOf, told, union, type Value } from '../values.ts';
import { howOf } from './python-files.ts';
import type { PythonWalk } from './python-walk.ts';
import { field, type Scope } from './scopes.ts';

/** `parser.add_argument('-c', '--cases', type=Path)`. */
export function declareArgument(given: Given, walk: PythonWalk, node: SyntaxNode): void {
  const declared = argumentOf(given, walk, node);
  if (declared === undefined) {
    walk.machine.remark('dynamic', 'it takes arguments of which the names are not written', node);
    return;
  }
  walk.machine.join(`option ${declared.name}`, declared.value);
}

/** What the option has been said to hold; undefined where nothing says so. */
export function optionValue(name: string, walk: PythonWalk): Value {
  const plain = plainName(name);
  return walk.machine.get(`option ${plain}`) ?? told(name.startsWith('<') || name.startsWith('-') ? name : `--${plain}`);
}

function plainName(flag: string): string {
  return flag.replace(/^-+|^<|>$/g, '').replaceAll('-', '_');
}

function argumentOf(given: Given, walk: PythonWalk, node: SyntaxNode): { readonly name: string; readonly value: Value } | undefined {
  const words: string[] = [];
  for (const value of given.places) {
    const texts = textsOf(value);
    if (texts?.length !== 1) return undefined;
    words.push(texts[0] as string);
  }
  if (given.rest.size > 0 || given.more.size > 0) return undefined;
  const text = (name: string): string | undefined => textsOf(given.names.get(name) ?? NOTHING)?.[0];
  const flags = words.filter((word) => word.startsWith('-'));
  const long = flags.find((flag) => flag.startsWith('--')) ?? flags[0];
  const own = words.find((word) => !word.startsWith('-'));
  const name = text('dest') ?? own ?? (long === undefined ? undefined : plainName(long));
  if (name === undefined) return undefined;
  const by = long ?? name;
  const action = text('action');
  const isSwitch =
    /^(store_true|store_false|store_const|count|version|help|append_const)$/.test(action ?? '') ||
    given.names.has('is_flag') ||
    given.names.has('count');
  const times = given.names.get('nargs');
  const isMany = times !== undefined || given.names.has('multiple') || action === 'append' || action === 'extend';
  walk.machine.options.set(`${by} ${node.start}`, {
    flags,
    by,
    words: isSwitch ? 0 : times === undefined && (action !== undefined || !given.names.has('action')) ? 1 : undefined,
  });
  const value = isSwitch ? PLAIN : typed(told(by), given.names.get('type'), walk, node);
  const held = isMany && !isSwitch ? union(value, walk.machine.many(`option ${by}`, [], value)) : value;
  return { name: plainName(name), value: union(held, given.names.get('default') ?? NOTHING, given.names.get('const') ?? NOTHING) };
}

/** What an argument is made into: a number, a path, an open file, or what a function of the program makes of it. */
function typed(value: Value, type: Value | undefined, walk: PythonWalk, node: SyntaxNode): Value {
  if (type === undefined) return value;
  return union(
    ...atomsOf(type).map((atom): Value => {
      if (atom.type === 'member') {
        const { path } = atom;
        const opened = /^(?:argparse\.FileType|click\.File):(.*)$/.exec(path);
        if (opened !== null) {
          walk.machine.file(howOf(opened[1] ?? ''), value, path.split(':')[0] as string, node);
          return STREAM;
        }
        if (
          /^builtins\.(int|float|bool|complex)$|^click\.(INT|FLOAT|BOOL|IntRange|FloatRange)|^(distutils|strtobool)|^datetime\.|^decimal\./.test(
            path,
          )
        )
          return PLAIN;
        if (
          /^builtins\.str$|^pathlib\.(Pure)?(Posix)?Path$|^click\.(Path|STRING|Choice)|^os\.path\.(abspath|realpath|expanduser|normpath)$/.test(
            path,
          )
        )
          return value;
      }
      // `type='string'` of optparse, and what `click.Path(…)` has come to.
      if (atom.type === 'name' || atom.type === 'content') return value;
      return walk.call(oneOf(atom), { places: [value], names: new Map(), rest: NOTHING, more: NOTHING }, node, 'type');
    }),
  );
}

/** `@click.option('--cases')` above a function: a parameter of it is told. */
export function decoratedBy(expression: SyntaxNode, id: string, walk: PythonWalk, scope: Scope): boolean {
  const callee = expression.type === 'call' ? (field(expression, 'function') as SyntaxNode) : expression;
  const text = walk.word(callee);
  if (
    /(^|\.)(command|group|version_option|help_option|pass_context|pass_obj|result_callback|confirmation_option)$/.test(text) &&
    /click|command|group/.test(text)
  ) {
    walk.given(expression.type === 'call' ? field(expression, 'arguments') : undefined, scope);
    walk.machine.call(
      { type: 'function', id },
      { places: /pass_(context|obj)$/.test(text) ? [CONTENT] : [], names: new Map(), rest: NOTHING, more: NOTHING },
    );
    return true;
  }
  const isClick = atomsOf(walk.value(callee, scope)).some((atom) => atom.type === 'member' && /^click\.(option|argument)$/.test(atom.path));
  if (!isClick || expression.type !== 'call') return false;
  const declared = argumentOf(walk.given(field(expression, 'arguments'), scope), walk, expression);
  if (declared === undefined) {
    walk.machine.escape(id);
    return true;
  }
  walk.machine.call(
    { type: 'function', id },
    { places: [], names: new Map([[declared.name, declared.value]]), rest: NOTHING, more: NOTHING },
  );
  return true;
}
