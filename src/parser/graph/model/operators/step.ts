/** One operator at work: what it is given, and how an item is put through a closure. */
import { type CallArguments, ClosureValue, type Value } from '../../../evaluate/value.ts';
import type { OperatorNode } from '../../process-graph.ts';
import type { ChannelModel } from '../channel-model.ts';
import { copyOf, marksOf, originOf, settled } from '../item-value.ts';
import type { Flow, Selection, Summand } from '../shapes.ts';

export interface Step {
  readonly model: ChannelModel;
  readonly node: OperatorNode;
  readonly port: string | number | undefined;
  readonly source: Flow;
  readonly others: readonly Flow[];
  /** The first closure, or function, that was given. */
  readonly code: Value | undefined;
}

export const same = ({ source }: Step): readonly Summand[] => source.summands;

// -------------------------------------------------------------------------------------------------- code

/** What code makes of an item. What cannot be told gets a mark of its own: it is another for each item. */
export function evaluated(
  { model, node, port }: Step,
  code: Value,
  item: Value,
  part: string | number = '',
  change: (value: Value) => Value = (value) => value,
): Value {
  const made = model.graph.code.aside((interpreter) => {
    const given = [copyOf(item)];
    if (code instanceof ClosureValue) return interpreter.callClosure(code, given);
    return node.frame === undefined
      ? item
      : interpreter.callValue(code, { positional: given, named: null }, interpreter.site(node.place, node.frame));
  });
  const value = change(made);
  const index = [...marksOf(item)].flatMap((mark) => mark.index);
  return settled(value, `op${node.index}${port ?? ''}${part}`, [...new Set(index)], originOf([item]));
}

export function withItem(summand: Summand, item: Value): Summand {
  return { ...summand, item };
}

export function fewer(summand: Summand): Summand {
  return summand.fewer ? summand : { ...summand, fewer: true };
}

export function selected(summand: Summand, selection: Selection): Summand {
  return { ...summand, selections: [...summand.selections, selection] };
}

export function number(value: Value | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function plainNumber(args: CallArguments): number | undefined {
  return number(args.positional[0]);
}
