/** Whether a call's tasks run: it is not called, or its `when:` lets none of them start. */
import type { Activity, ReportCall } from './report.ts';

/** A `when:` that is decided task by task keeps no call off. */
export function runs(call: ReportCall): Activity {
  return heldBack(call) ? false : call.active;
}

/** What a call that does not run waits for, as written: the conditions around it, or its `when:`. */
export function conditionText(call: ReportCall): string {
  return heldBack(call) ? whenText(call) : (call.guard ?? call.sites.find((site) => site.guard !== undefined)?.guard ?? '');
}

function heldBack(call: ReportCall): boolean {
  return call.active !== false && call.directives.when?.value === false;
}

/** Most modules only ask for `task.ext.when`: then what is set there says more. */
function whenText(call: ReportCall): string {
  const { when, 'ext.when': setting } = call.directives;
  const [name, text] =
    setting !== undefined && when?.text.includes('task.ext.when') ? ['ext.when', setting.text] : ['when', when?.text ?? ''];
  const condition = text.replace(/^\{(.*)\}$/s, '$1').trim();
  return condition === 'false' ? `${name} = false` : condition;
}
