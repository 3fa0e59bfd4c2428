/** Who made what an output is: the call itself, or, where it only hands on what it was given, whoever made that. */
import type { Value } from '../../../parser/evaluate/value.ts';
import { type ChannelModel, placeIn } from '../../../parser/graph/model/channel-model.ts';
import { ItemValue, type MadeBy, madeBy } from '../../../parser/graph/model/item-value.ts';
import type { ProcessCall } from '../../../parser/graph/process-graph.ts';
import type { Grade } from './false-link.ts';
import { handedOn } from './handed-on.ts';
import { givenValue, mayHandOn } from './script-text.ts';
import type { Scripts } from './scripts.ts';

/** A file as it was made; `by` is undefined for what the pipeline is given. */
export interface Origin {
  readonly by: ProcessCall | undefined;
  /** It came through these, the nearest first, which only handed it on. */
  readonly through: readonly Handed[];
}

export interface Handed {
  readonly call: ProcessCall;
  readonly kind: 'pass-through' | 'over-wide-directory';
  readonly evidence: string;
  readonly grade: () => Grade;
  readonly under: string | undefined;
}

/** Deeper chains of processes that hand a file on are not followed. */
const MOST_HANDS = 50;

export class Origins {
  readonly #model: ChannelModel;
  readonly #scripts: Scripts;

  constructor(model: ChannelModel, scripts: Scripts) {
    this.#model = model;
    this.#scripts = scripts;
  }

  /** It made that, and did not only hand it on. */
  isOwn(output: MadeBy): boolean {
    return this.of(output, undefined, []).some(({ by }) => by === output.call);
  }

  /** Who made what an output is: the call itself, or, where it only hands on what it was given, whoever made that. */
  of(
    { call, output, element }: MadeBy,
    part: string | undefined,
    through: readonly Handed[],
    /** Whoever reads it: whether it gives it a name of its own, or could. */
    reader = { isNamedAnew: false, isOne: true },
  ): readonly Origin[] {
    const itself: readonly Origin[] = [{ by: call, through }];
    if (part === undefined && !mayHandOn(call.process, call.script.file, output, element)) return itself;
    if (through.length >= MOST_HANDS || through.some((hand) => hand.call === call)) return itself;
    const value = part === undefined ? givenValue(call.process, call.script.file, output, element) : undefined;
    const passed =
      value === undefined
        ? handedOn({ call, output, element }, part, this.#scripts.of(call), reader, (command, inputs) =>
            this.#scripts.programs.leavesInputs(command, inputs),
          )
        : {
            given: [{ use: value, part }],
            kind: 'pass-through' as const,
            evidence: `${call.name} gives ${value.name} on as it was given`,
            sureness: 'known' as const,
            under: undefined,
          };
    if (passed === undefined) return itself;
    const { given, kind, evidence, sureness, under } = passed;
    const hand: Handed = {
      call,
      kind,
      evidence,
      under,
      grade: () => (sureness === 'guessed' ? 'likely' : sureness === 'known' && this.#scripts.isKnown(call) ? 'proven' : 'conditional'),
    };
    const origins: Origin[] = [];
    for (const { use, part: inner } of given)
      for (const bound of this.#model.tasksOf(call).bindings) {
        const above = bound.get(placeIn(use.input, use.element));
        const made = above === undefined ? undefined : madeBy(above);
        if (above === undefined || made === undefined || made.vague) return itself;
        if (made.outputs.length === 0) origins.push({ by: undefined, through: [...through, hand] });
        const next = { ...reader, isOne: reader.isOne && isOneFile(above) };
        for (const one of made.outputs) origins.push(...this.of(one, inner, [...through, hand], next));
      }
    return origins;
  }
}

/** A single file, which can be staged under another name; of many in a list each keeps its own. */
export function isOneFile(value: Value): boolean {
  return value instanceof ItemValue && !value.mark.several;
}
