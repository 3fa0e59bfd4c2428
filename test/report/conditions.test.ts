/** Calls that are off stand under a condition that does not hold. */
import { expect, test } from 'vitest';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import { conditionsOf } from '../../src/report/conditions.ts';
import { runs } from '../../src/report/runs.ts';
import { analyzeTree, loadShell } from '../../src/run.ts';

const shell = await loadShell();

function off(main: string): Record<string, readonly string[]> {
  const report = analyzeTree(memoryTree({ 'main.nf': main }), 'main.nf', { shell });
  const calls = report.graph.calls.filter((call) => runs(call) === false);
  return Object.fromEntries(conditionsOf(calls, report).map(({ text, calls: some }) => [text, some.map(({ id }) => id)]));
}

const STEP = (name: string): string => `process ${name} {\n  script:\n  "true"\n}\n`;

test('what a name means in one workflow and not in another keeps calls off, and no param that holds', () => {
  expect(
    off(`${STEP('MINIASM')}${STEP('SPOA')}
params.reference = null
workflow ASSEMBLE {
  take:
  method
  main:
  if (method == 'miniasm') MINIASM()
  else SPOA()
}
workflow FIRST { ASSEMBLE('miniasm') }
workflow SECOND { ASSEMBLE('spoa') }
workflow {
  if (!params.reference) {
    FIRST()
    SECOND()
  }
}
`),
  ).toEqual({ "method == 'miniasm'": ['SECOND:ASSEMBLE:MINIASM'], "!(method == 'miniasm')": ['FIRST:ASSEMBLE:SPOA'] });
});

test('nor does what stands before a call that may run', () => {
  expect(
    off(`${['ALIGN', 'TRIM', 'SORT'].map(STEP).join('')}
params.trim = false
workflow {
  if (new File('/etc/somewhere').exists()) {
    ALIGN()
    SORT()
    if (params.trim) TRIM()
  }
}
`),
  ).toEqual({ 'params.trim': ['TRIM'] });
});

test('what a closure refuses by its item stops no run by params', () => {
  const main = `${STEP('CALL')}
workflow {
  channel.of('a').map { id -> error "no sample \${id}" } | view
  CALL()
}
`;
  const { assumptions } = analyzeTree(memoryTree({ 'main.nf': main }), 'main.nf', { shell });
  expect(assumptions.filter((one) => JSON.stringify(one).includes('goes on'))).toEqual([]);
});
