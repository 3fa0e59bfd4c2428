/** What a count is of, for its name: whoever may give its number has to know what is meant. */
import type { ChannelNode, ChannelRef } from '../process-graph.ts';

/** Longer ways are those of loops. */
const FARTHEST = 50;

/** `params.metadata`, `params.reads`, or the process whose output it is: whence the items of a channel come, as long as it is one channel all the way up. */
export function whenceOf(node: ChannelNode): string | undefined {
  let at: ChannelRef | undefined = { node, port: undefined };
  for (let depth = 0; at !== undefined && depth < FARTHEST; depth += 1) {
    const { node: above, port }: ChannelRef = at;
    if (above.type === 'source') {
      const [, param] = /\bparams\.(\w+)/.exec(above.text) ?? [];
      return param === undefined ? undefined : `params.${param}`;
    }
    if (above.type === 'call') return typeof port === 'string' ? `${above.call.name}.${port}` : above.call.name;
    const inputs: readonly ChannelRef[] =
      above.type === 'operator'
        ? above.inputs
        : above.type === 'alternatives'
          ? above.inputs.filter(({ active }) => active !== false).map(({ ref }) => ref)
          : [];
    at = inputs.every((ref) => ref.node === inputs[0]?.node) ? inputs[0] : undefined;
  }
  return undefined;
}

/** `rows of params.metadata`, `files of SPLIT_FASTA`; the plain word where nobody can tell. */
export function namedAfter(what: string, whence: string | undefined): string {
  return whence === undefined ? what : `${what} of ${whence}`;
}
