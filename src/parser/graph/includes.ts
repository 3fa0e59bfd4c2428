/** Includes: which script is meant, with which params it starts, and what of it gets which name. */
import { rangeIn, type TextRange } from '../../source/source-file.ts';
import { textOf } from '../evaluate/conversions.ts';
import { GuardLiteral } from '../evaluate/guard.ts';
import { type Frame, type Interpreter, withNamed } from '../evaluate/interpreter.ts';
import { MapValue, type Value } from '../evaluate/value.ts';
import { folderOf, resolvePath } from '../pipeline/file-tree.ts';
import { nearestPaths, resolveInclude } from '../pipeline/include.ts';
import type { OpenPipeline } from '../pipeline/load.ts';
import type { ScriptFile } from '../pipeline/pipeline.ts';
import type { Expression, IncludeNode } from '../syntax/nodes.ts';
import { ComponentValue } from './channel-values.ts';
import type { ScriptInstance, WalkContext, Walker } from './walker.ts';

/** Of an include whose path is not known, at most so many files are read. */
const MAX_CANDIDATES = 16;
/** How deep includes may lead. */
const MAX_DEPTH = 150;

export class Includes {
  readonly #pipeline: OpenPipeline;
  readonly #walker: Walker;
  readonly #interpreter: Interpreter;
  #depth = 0;
  #tooDeep = false;

  constructor(pipeline: OpenPipeline, walker: Walker) {
    this.#pipeline = pipeline;
    this.#walker = walker;
    this.#interpreter = walker.interpreter;
  }

  include(node: IncludeNode, frame: Frame): void {
    if (this.#depth >= MAX_DEPTH) {
      if (!this.#tooDeep)
        this.#pipeline.notes.push({
          message: `scripts include each other more than ${MAX_DEPTH} deep; the deeper ones are not read`,
          place: rangeIn(frame.file, node),
        });
      this.#tooDeep = true;
      return;
    }
    this.#depth += 1;
    try {
      this.#include(node, frame);
    } finally {
      this.#depth -= 1;
    }
  }

  #include(node: IncludeNode, frame: Frame): void {
    const { instance } = frame.context as WalkContext;
    const source = this.#interpreter.evaluate(node.source, frame);
    const place = rangeIn(frame.file, node.source);
    const written = textOf(source);
    const names = node.entries?.map((entry) => ({ name: entry.name.name, alias: entry.alias?.name ?? entry.name.name, place: entry.name }));
    if (written?.startsWith('plugin/')) return;
    const params = this.#includedParams(node, frame, instance);
    if (written === undefined) {
      this.#includeCandidates(node, frame, params.values, names);
      return;
    }
    const found = resolveInclude(this.#pipeline.tree, folderOf(frame.file.path), written);
    if (found.path === undefined) {
      this.#pipeline.unresolvedIncludes.push({
        source: written,
        reason: found.reason,
        nearest: nearestPaths(this.#pipeline.tree, folderOf(frame.file.path), written),
        place,
        certain: this.#interpreter.activity === true && found.certain,
      });
      return;
    }
    if (found.note !== undefined) this.#pipeline.notes.push({ message: found.note, place });
    const script = this.#pipeline.store.script(found.path);
    if (script === undefined) {
      this.#pipeline.unresolvedIncludes.push({
        source: written,
        reason: this.#pipeline.tree.trouble(found.path) ?? 'the file cannot be read',
        nearest: [],
        place,
        certain: this.#interpreter.activity === true,
      });
      return;
    }
    const included = this.#walker.load(script, params.values, params.key === '' ? found.path : `${found.path}?${params.key}`);
    this.#take(included, names, instance, frame);
  }

  #take(
    included: ScriptInstance,
    names: readonly { name: string; alias: string; place: TextRange }[] | undefined,
    into: ScriptInstance,
    frame: Frame,
  ): void {
    if (names === undefined) {
      for (const [name, component] of included.components) if (!into.components.has(name)) into.components.set(name, component);
      return;
    }
    for (const { name, alias, place: at } of names) {
      const component = included.components.get(name);
      if (component !== undefined) {
        this.#introduce(into, alias, component instanceof ComponentValue ? component.renamed(alias) : component);
        continue;
      }
      const type = included.classes.get(name);
      if (type !== undefined) into.classes.set(alias, type);
      else if (
        !included.script.tree.statements.some((one) => (one.kind === 'EnumNode' || one.kind === 'RecordNode') && one.name.name === name)
      ) {
        this.#pipeline.unresolvedIncludes.push({
          source: name,
          reason: `${included.script.file.path} declares nothing of that name`,
          nearest: [...included.components.keys()],
          place: rangeIn(frame.file, at),
          certain:
            this.#interpreter.activity === true &&
            included.script.tree.statements.every((one) => one.kind !== 'IncompleteNode' && one.kind !== 'OpaqueNode'),
        });
      }
    }
  }

  /**
   * A name of an include stays known when its branch is over: an include in a branch that is off names what is off.
   * Where two branches of an unknown condition include different things under one name, each is a candidate.
   */
  #introduce(into: ScriptInstance, alias: string, component: Value): void {
    const before = into.components.get(alias);
    const { activity } = this.#interpreter;
    if (before !== undefined && activity === false) return;
    if (
      before instanceof ComponentValue &&
      component instanceof ComponentValue &&
      activity === 'unknown' &&
      before.definition !== component.definition
    ) {
      const when = this.#interpreter.guard.at(-1) as GuardLiteral;
      const known = before.definition.type === 'candidates' ? before.definition.candidates : [{ component: before, when: when.opposite }];
      into.components.set(
        alias,
        new ComponentValue(alias, { type: 'candidates', candidates: [...known, { component, when }] }, this.#walker),
      );
    } else into.components.set(alias, component);
  }

  /** An included script starts with the params of the one that includes it, as they are at that point. */
  #includedParams(node: IncludeNode, frame: Frame, instance: ScriptInstance): { values: (script: ScriptFile) => MapValue; key: string } {
    if (node.addParams === null && node.params === null) {
      const { params } = instance;
      // A copy, since what it sets is its own; but most modules never speak of params, and a large pipeline has hundreds of both.
      const values = ({ file }: ScriptFile): MapValue =>
        file.text.includes('params') ? new MapValue(new Map(params.entries), params.missing) : params;
      return { values, key: '' };
    }
    const added = withNamed(this.#interpreter.arguments(node.params ?? node.addParams ?? [], frame));
    const entries = node.params === null ? new Map(instance.params.entries) : new Map<string, Value>();
    for (const value of added) if (value instanceof MapValue) for (const [key, item] of value.entries) entries.set(key, item);
    const values = new MapValue(entries, instance.params.missing);
    return { values: () => values, key: `${frame.file.path}:${node.start}` };
  }

  /** The path depends on what is not known: every file that it can mean is one of the candidates. */
  #includeCandidates(
    node: IncludeNode,
    frame: Frame,
    params: (script: ScriptFile) => MapValue,
    names: readonly { name: string; alias: string; place: TextRange }[] | undefined,
  ): void {
    const { instance } = frame.context as WalkContext;
    const place = rangeIn(frame.file, node.source);
    const paths = this.#candidatePaths(node.source, frame);
    const source = frame.file.slice(node.source);
    if (paths.length === 0) {
      this.#pipeline.unresolvedIncludes.push({
        source,
        reason: 'its path is known only when the pipeline runs',
        nearest: [],
        place,
        certain: false,
      });
      return;
    }
    this.#pipeline.notes.push({
      message: `the include ${source} depends on params; read for it: ${paths.join(', ')}`,
      hint: 'give the param with --param',
      place,
    });
    const found = new Map<string, ComponentValue[]>();
    for (const path of paths) {
      const script = this.#pipeline.store.script(path);
      if (script === undefined) continue;
      const included = this.#walker.load(script, params);
      for (const [name, component] of included.components) {
        if (!(component instanceof ComponentValue)) continue;
        const all = found.get(name) ?? [];
        all.push(component);
        found.set(name, all);
      }
    }
    for (const [name, candidates] of found) {
      const wanted = names === undefined ? { alias: name } : names.find((one) => one.name === name);
      if (wanted === undefined) continue;
      const meant = candidates.map((candidate) => ({
        component: candidate.renamed(wanted.alias),
        when: new GuardLiteral(place, false, candidates.length === 1 ? true : 'unknown', `${definitionPath(candidate)} is `),
      }));
      instance.components.set(wanted.alias, new ComponentValue(wanted.alias, { type: 'candidates', candidates: meant }, this.#walker));
    }
  }

  #candidatePaths(source: Expression, frame: Frame): string[] {
    if (source.kind !== 'GStringExpression') return [];
    // The known beginning names a folder; in it everything that could be meant is taken.
    let prefix = '';
    let suffix = '';
    let unknown = false;
    for (const part of source.parts) {
      const text = part.kind === 'GStringText' ? part.value : textOf(this.#interpreter.evaluate(part.expression, frame));
      if (text === undefined) {
        unknown = true;
        suffix = '';
      } else if (unknown) suffix += text;
      else prefix += text;
    }
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const start = prefix.slice(prefix.lastIndexOf('/') + 1);
    const base = resolvePath(folderOf(frame.file.path), folder);
    const paths: string[] = [];
    for (const name of this.#pipeline.tree.list(base)) {
      if (!name.startsWith(start) || paths.length >= MAX_CANDIDATES) continue;
      const stem = name.endsWith('.nf') && !suffix.endsWith('.nf') ? name.slice(0, -3) : name;
      const whole = suffix.startsWith('/') ? `${base}/${stem}${suffix}` : stem.endsWith(suffix) ? `${base}/${stem}` : undefined;
      if (whole === undefined) continue;
      const { path } = resolveInclude(this.#pipeline.tree, '', `./${whole}`);
      if (path !== undefined) paths.push(path);
    }
    return [...new Set(paths)];
  }
}

function definitionPath(component: ComponentValue): string {
  const { definition } = component;
  return definition.type === 'candidates' ? component.name : definition.instance.script.file.path;
}
