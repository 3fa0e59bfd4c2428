/** Calls that only make the index of a file, and processes that give a file with its index. */
import { declaredElements } from '../../parser/graph/declared-elements.ts';
import { type ChannelModel, placeIn } from '../../parser/graph/model/channel-model.ts';
import { type MadeBy, madeBy } from '../../parser/graph/model/item-value.ts';
import type { ProcessCall, ProcessGraph } from '../../parser/graph/process-graph.ts';
import { declaresPlainly, signatureOf } from '../../parser/graph/process-io.ts';
import { declarationsOf } from '../../parser/shell/declarations.ts';
import { nameOf } from './needs/file-names.ts';
import { speaksOf } from './needs/script-text.ts';
import type { Scripts } from './needs/scripts.ts';

/** What a tool makes where it is not told otherwise, by the ending of what it is given. */
type MadeHere = Readonly<Record<string, string>>;
const MADE_BY: ReadonlyMap<string, MadeHere> = new Map([
  ['samtools index', { '.bam': '.bai', '.cram': '.crai' }],
  ['sambamba index', { '.bam': '.bai' }],
  ['tabix', { '.gz': '.tbi' }],
  ['bcftools index', { '.gz': '.csi', '.bcf': '.csi' }],
]);
const INDEXES = /\b(samtools|sambamba|bcftools)[\s\\]+index\b|\btabix\b/;
/** Another kind of index, or of another kind of file. */
const OTHERWISE = /(^|\s)(-\w*[cmtF]\w*|--(csi|tbi|min-shift|cram-input|fasta-input))\b/;

export interface IndexAgain {
  /** It gave the file, and the index with it. */
  readonly maker: ProcessCall;
  /** `.bai`. */
  readonly ending: string;
}

/** The index of every file that the call is given was given with the file, by the one call that made it. */
export function indexAgain(
  { graph, model, scripts }: { readonly graph: ProcessGraph; readonly model: ChannelModel; readonly scripts: Scripts },
  call: ProcessCall,
): IndexAgain | undefined {
  if (call.active !== true || !declaresPlainly(call.process) || speaksOf(call.process, call.script.file, INDEXES) !== true)
    return undefined;
  const [place, ...more] = declarationsOf(call.process, call.script.file).inputs.filter(({ qualifier }) => qualifier === 'path');
  if (place === undefined || more.length > 0) return undefined;
  const given = (makes: MadeHere): IndexAgain | undefined => givenWith(model, call, placeIn(place.input, place.element), makes);
  // Only then are its commands read.
  if ([...MADE_BY.values()].every((makes) => given(makes) === undefined)) return undefined;
  const { opaque, steps, inputs } = scripts.of(call);
  const [command, ...others] = steps.flatMap(({ trivial, commands }) => (trivial ? [] : commands));
  const file = inputs.find(({ qualifier }) => qualifier === 'path');
  if (opaque !== undefined || command === undefined || others.length > 0 || file?.use !== 'direct') return undefined;
  const makes = MADE_BY.get([command.name, command.subcommand].filter((word) => word !== undefined).join(' '));
  const options = `${command.range.file.slice(command.range)} ${graph.directivesOf(call).get('ext.args')?.text ?? ''}`;
  return makes === undefined || OTHERWISE.test(options) ? undefined : given(makes);
}

/** The one maker of all that comes to a place of the call, with the index that it gave beside each. */
function givenWith(model: ChannelModel, call: ProcessCall, place: string, makes: MadeHere): IndexAgain | undefined {
  const { opaque, bindings } = model.tasksOf(call);
  if (opaque !== undefined) return undefined;
  const found = bindings.flatMap((bound): (IndexAgain | undefined)[] => {
    const { outputs, vague } = madeBy(bound.get(place) ?? null);
    if (vague || outputs.length === 0) return [undefined];
    return outputs.map((output) => {
      const ending = endingBeside(output, makes);
      return ending === undefined ? undefined : { maker: output.call, ending };
    });
  });
  const [first] = found;
  return found.every((one) => one !== undefined && one.maker === first?.maker && one.ending === first.ending) ? first : undefined;
}

/** Of the index that stands beside the file in the same tuple, which is there in every task. */
function endingBeside(made: MadeBy, makes: MadeHere): string | undefined {
  const declared = signatureOf(made.call.process).outputs[made.output];
  const name = nameOf(made);
  if (declared === undefined || declared.optional || name === undefined) return undefined;
  const [of, ending] = Object.entries(makes).find(([one]) => name.endsWith(one)) ?? [];
  if (of === undefined || ending === undefined) return undefined;
  const stem = name.slice(0, -of.length);
  const names = [`*${ending}`, `*${of}${ending}`, `${name}${ending}`, `${stem}${ending}`];
  const beside = declaredElements(declared.statement).elements.some((_element, element) => {
    const other = nameOf({ ...made, element });
    return element !== made.element && other !== undefined && names.includes(other);
  });
  return beside ? ending : undefined;
}
