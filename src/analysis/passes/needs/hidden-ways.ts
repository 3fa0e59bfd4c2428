/** What may pass from one call to another and no channel shows: a database, a published file, a licence. */
import { ListValue, PathValue, type Value } from '../../../parser/evaluate/value.ts';
import { type ChannelModel, placeIn } from '../../../parser/graph/model/channel-model.ts';
import { ItemValue, madeBy } from '../../../parser/graph/model/item-value.ts';
import type { ProcessCall } from '../../../parser/graph/process-graph.ts';
import type { InputUse } from '../../../parser/shell/script-reading.ts';
import type { Origins } from './origins.ts';
import { makesFiles, type Scripts } from './scripts.ts';
import type { Waits } from './waits.ts';

export class HiddenWays {
  readonly #model: ChannelModel;
  readonly #scripts: Scripts;
  readonly #waits: Waits;
  readonly #origins: Origins;

  constructor(model: ChannelModel, scripts: Scripts, waits: Waits, origins: Origins) {
    this.#model = model;
    this.#scripts = scripts;
    this.#waits = waits;
    this.#origins = origins;
  }

  /** Whether something may pass between them that no channel shows: a database, a published file, a licence. */
  between(from: ProcessCall, to: ProcessCall): 'no' | 'unlikely' | 'perhaps' {
    const scripts = this.#scripts;
    // A check is there to go before; what makes no files of its own is there for something else that it does.
    if (scripts.isGate(from) || !(makesFiles(from) || scripts.tells(from)) || scripts.onlyHandsOn(from)) return 'perhaps';
    const [one, two] = [from, to].map((call) => scripts.sideEffectsOf(call) || scripts.mayPrepareElsewhere(call)) as [boolean, boolean];
    if (
      one ||
      two ||
      (scripts.mayFillParamFolder(from) && !this.#staysInFolder(to)) ||
      (scripts.namesParamFolder(to) && this.#behind(from, to).some((one) => scripts.mayFill(one, to))) ||
      this.#isGivenKept(to) ||
      scripts.nameOneFile(from, to) ||
      this.#mayReadOthers({ from, to }) ||
      this.#changeOneFile({ from, to }) ||
      scripts.writesOutside(from) ||
      scripts.writesOutside(to)
    )
      return 'perhaps';
    return scripts.isKnown(from) && scripts.isKnown(to) && scripts.placesRead(to)?.length === 0 ? 'no' : 'unlikely';
  }

  /** It is given a file by its path, in a folder that calls publish to. */
  #isGivenKept(call: ProcessCall): boolean {
    return this.#model
      .tasksOf(call)
      .bindings.some((bound) => [...bound.values()].some((value) => pathsIn(value).some((path) => this.#scripts.isKept(path))));
  }

  /** It reads at a place outside of its folder, and a call that runs before, for all that the link tells, may put something there. */
  #mayReadOthers({ from, to }: { readonly from: ProcessCall; readonly to: ProcessCall }): boolean {
    const places = this.#scripts.placesRead(to);
    if (places === undefined) return true;
    return places.length > 0 && this.#behind(from, to).some((one) => places.some((place) => this.#scripts.mayWriteAt(one, place)));
  }

  /** One changes where it lies what the other is given, too: which comes first matters. */
  #changeOneFile({ from, to }: { readonly from: ProcessCall; readonly to: ProcessCall }): boolean {
    return this.#changesFileOf(to, from) || this.#behind(from, to).some((one) => this.#changesFileOf(one, to));
  }

  #changesFileOf(one: ProcessCall, other: ProcessCall): boolean {
    const changed = this.#scripts.changedInputs(one).flatMap((use) => this.#valuesOf(one, use));
    if (changed.length === 0) return false;
    const { inputs } = this.#scripts.of(other);
    const seen = inputs.filter(({ qualifier }) => qualifier === 'path').flatMap((use) => this.#valuesOf(other, use));
    return changed.some((value) => {
      const makers = this.#makersOf(value);
      return seen.some((given) => {
        const others = this.#makersOf(given);
        if (makers === undefined || others === undefined) return true;
        return makers.size === 0 && others.size === 0 ? isSame(value, given) : [...makers].some((maker) => others.has(maker));
      });
    });
  }

  #valuesOf(call: ProcessCall, { input, element }: InputUse): readonly Value[] {
    return this.#model.tasksOf(call).bindings.map((bound) => bound.get(placeIn(input, element)) ?? null);
  }

  /** Calls that made it or handed it on; none: the pipeline is given it. undefined: nobody knows. */
  #makersOf(value: Value): ReadonlySet<ProcessCall> | undefined {
    const { outputs, vague } = madeBy(value);
    if (vague) return undefined;
    const origins = outputs.flatMap((output) => this.#origins.of(output, undefined, []));
    return new Set([
      ...outputs.map(({ call }) => call),
      ...origins.flatMap(({ by, through }) => [...(by === undefined ? [] : [by]), ...through.map(({ call }) => call)]),
    ]);
  }

  /** What may end before `to` by this link alone: of what it waits for directly another link speaks. */
  #behind(from: ProcessCall, to: ProcessCall): readonly ProcessCall[] {
    return [from, ...this.#waits.before(to)].filter((one) => one === from || !this.#waits.of(to).has(one));
  }

  /** No command is told of a place outside of its folder, and none is code that may have one in it. */
  #staysInFolder(call: ProcessCall): boolean {
    const { opaque } = this.#scripts.of(call);
    const isTold = this.#scripts.commandsOf(call).every(({ name, ownCode }) => name !== undefined && ownCode !== true);
    return opaque === undefined && isTold && this.#scripts.placesRead(call)?.length === 0 && !this.#scripts.namesParamFolder(call);
  }
}

/** The same file, of those that the pipeline is given. */
function isSame(one: Value, other: Value): boolean {
  if (one instanceof ItemValue && other instanceof ItemValue) return one.mark.id === other.mark.id;
  return pathsIn(one).some((path) => pathsIn(other).includes(path));
}

/** `true`, or the list that `collect` makes of many. */
function pathsIn(value: Value, depth = 0): readonly string[] {
  if (value instanceof PathValue) return [value.path];
  if (typeof value === 'string') return [value];
  if (value instanceof ListValue && depth < 3) return value.items.flatMap((item) => pathsIn(item, depth + 1));
  return [];
}
