/** Room that the settings themselves say there is, where no platform is named: how many tasks an executor takes at a time, and of the local one its cpus and memory. */
import type { ProcessGraph } from '../../../parser/graph/process-graph.ts';
import type { Pipeline } from '../../../parser/pipeline/pipeline.ts';
import { memoryText } from '../../amounts.ts';
import type { Evidence } from '../../estimate/evidence.ts';
import { local } from '../../simulate/platforms/local.ts';
import type { Platform } from '../../simulate/platforms/platform.ts';
import type { CallSettings } from '../../simulate/simulate.ts';
import type { TaskGraph } from '../../simulate/task-graph.ts';
import { counted, listOf } from '../../words.ts';
import { isPlanning } from '../executors.ts';
import { askedBy } from './asked-requests.ts';
import { executorSettings } from './executor-settings.ts';

export interface SaidRoom {
  readonly platform: Platform;
  /** By group of the tasks. */
  readonly calls: readonly CallSettings[];
  /** For people, after "with". */
  readonly text: string;
  /** A clause: for how much of it nobody has said that there are machines. Absent where all is said. */
  readonly assuming?: string;
}

/** Tasks that an executor takes at a time where nothing is said (reference of scope `executor`); the local one as many as the machine has cpus, which nobody knows. */
function usualQueue(executor: string): number | undefined {
  if (isPlanning(executor) || executor === 'k8s') return 100;
  return /^(awsbatch|azurebatch|google-batch)$/.test(executor) ? 1000 : undefined;
}

/** More than any machine has. */
const ANY = 2 ** 40;

/** Undefined where nothing is said that limits tasks, or calls run by several executors. */
export function saidRoom(pipeline: Pipeline, graph: ProcessGraph, evidence: Evidence, { groups }: TaskGraph): SaidRoom | undefined {
  const executors = new Set(
    groups.flatMap(({ call, size }) => (size === 0 ? [] : [String(graph.directivesOf(call).get('executor')?.value ?? 'local')])),
  );
  const [executor = 'local', other] = executors;
  if (other !== undefined) return undefined;
  const said = executorSettings(pipeline, executor);
  const isLocal = executor === 'local';
  const queueSize = said.executor.queueSize ?? usualQueue(executor);
  const { cpus, memoryBytes } = isLocal ? said : {};
  if (queueSize === undefined && cpus === undefined && memoryBytes === undefined) return undefined;
  const limits = [
    ...(cpus === undefined ? [] : [`${counted(cpus, 'cpu')} (executor.cpus)`]),
    ...(memoryBytes === undefined ? [] : [`${memoryText(memoryBytes)} (executor.memory)`]),
    ...(queueSize === undefined
      ? []
      : [
          `${counted(queueSize, 'task')} at a time (${said.executor.queueSize === undefined ? `what ${executor} takes` : 'executor.queueSize'})`,
        ]),
  ];
  return {
    platform: local({ cpus: cpus ?? ANY, memoryBytes: memoryBytes ?? ANY ** 2, queueSize: queueSize ?? 0 }),
    calls: groups.map(({ call }) => askedBy(graph, evidence, call).settings),
    text: listOf(limits),
    ...(cpus === undefined && { assuming: 'there is room for them' }),
  };
}
