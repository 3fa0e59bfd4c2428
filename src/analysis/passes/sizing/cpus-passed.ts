/** Whether tools get what a task asks for. */
import type { ProcessCall } from '../../../parser/graph/process-graph.ts';
import type { Scripts } from '../needs/scripts.ts';

/**
 * A tool gets `task.cpus` as it is. What is not told the number, or a number made of it (Trim Galore's module gives 8 at most), is not helped by more cpus as far as
 * anybody can tell, and with fewer than it keeps busy it does who knows what.
 */
export function takesAllCpus(scripts: Scripts, call: ProcessCall): boolean {
  const { process, script } = call;
  const commands = scripts.commandsOf(call);
  const text = process.script === null ? '' : script.file.slice(process.script);
  return (
    commands.some(({ threads }) => threads?.value === 'task.cpus') &&
    !commands.some(({ threads }) => threads?.value === 'unknown') &&
    text.replace(AS_IT_IS, '').search(/\btask\.cpus\b/) === -1
  );
}

/** `$task.cpus`, `${task.cpus}`, `${task.cpus - 1}`, `!{task.cpus}`: with another mention in it, it is looked at. */
const AS_IT_IS = /\$task\.cpus\b|[$!]\{\s*task\.cpus\s*(-\s*1\s*)?\}/g;
