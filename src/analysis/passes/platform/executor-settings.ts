/** What a pipeline's config says of the executor in its scope `executor`: for all, or for one alone (`executor.$slurm`). */
import { durationFrom, memoryFrom } from '../../../parser/evaluate/units.ts';
import type { Value } from '../../../parser/evaluate/value.ts';
import type { Pipeline } from '../../../parser/pipeline/pipeline.ts';
import type { ExecutorSettings } from '../../simulate/platforms/choice.ts';

/** Nextflow's own names, where they differ. */
const NAMES: Readonly<Record<string, string>> = { kubernetes: 'k8s', 'aws-batch': 'awsbatch', 'azure-batch': 'azurebatch' };

/** @param platform as the user names it, with its size */
export function executorSettings({ config }: Pipeline, platform: string): ExecutorSettings {
  const given = platform.replace(/:.*/s, '');
  const name = NAMES[given] ?? given;
  const said = (setting: string): Value | undefined =>
    (config.entries.get(`executor.$${name}.${setting}`) ?? config.entries.get(`executor.${setting}`))?.value;
  const number = (setting: string): number | undefined => {
    const value = said(setting);
    return typeof value === 'number' && value > 0 ? value : undefined;
  };
  const [queueSize, cpus] = [number('queueSize'), number('cpus')];
  const [poll, memory] = [durationFrom(said('pollInterval') ?? null)?.ms, memoryFrom(said('memory') ?? null)?.bytes];
  const submitsPerSecond = rateOf(said('submitRateLimit'));
  return {
    executor: {
      ...(queueSize !== undefined && { queueSize }),
      // The local executor is told of an end at once, however rarely it polls (LocalTaskHandler).
      ...(given !== 'local' && poll !== undefined && poll > 0 && { pollMs: poll }),
      ...(submitsPerSecond !== undefined && { submitsPerSecond }),
    },
    ...(cpus !== undefined && { cpus }),
    ...(memory !== undefined && memory > 0 && { memoryBytes: memory }),
  };
}

/** `50/2min`, `10/1s`, `10 sec` (ten a second), `10` (TaskPollingMonitor.createSubmitRateLimit: whole seconds). undefined: none, or none that Nextflow would take. */
function rateOf(value: Value | undefined): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const [, count, per = ''] = /^\s*(\d{1,9})\s*\/?\s*(.*?)\s*$/.exec(String(value)) ?? [];
  const seconds =
    per === '' ? 1 : Math.floor((durationFrom(/^\d+$/.test(per) ? `${per}s` : /^\d/.test(per) ? per : `1${per}`)?.ms ?? 0) / 1000);
  return count !== undefined && Number(count) > 0 && seconds > 0 ? Number(count) / seconds : undefined;
}
