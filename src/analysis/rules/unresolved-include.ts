import { defineRule } from '../rule.ts';

export const unresolvedInclude = defineRule({
  id: 'unresolved-include',
  title: 'An included script is not there',
  severity: 'error',
  fixable: false,
  requires: [],
  unsaved: 'the run does not start with it',
  docs: `
**What it finds**

An \`include\` whose script cannot be found or read: a path that leads nowhere, a module that was never installed, a path put
together from what is only known in a run. And a name that the included script does not declare.

**Why it costs you**

When the path is certain, Nextflow stops before the first task. When it is not, the processes behind it are missing from
everything that pipeopt says: graph, resources, findings.

**How to fix**

Correct the path. It is relative to the including script and starts with \`./\` or \`../\`; \`.nf\` may be left out, and a folder
stands for the \`main.nf\` in it. Install a missing module or submodule (\`nf-core modules install\`, \`git submodule update --init\`).
If the path depends on a param, give the param (\`--param\`, \`--params-file\`).

**Fix safety**

Not fixed automatically.

**When to ignore it**

When the script is made or fetched before the run, and pipeopt reads a folder in which that has not happened.

**References**

- Nextflow: [Modules](https://www.nextflow.io/docs/latest/module.html)
`,
  *check({ pipeline }) {
    const told = new Set<string>();
    for (const include of pipeline.unresolvedIncludes) {
      const key = `${include.source} ${include.place.file.path} ${include.place.start}`;
      if (told.has(key)) continue;
      told.add(key);
      const [nearest] = include.nearest;
      yield {
        message: /^\w+$/.test(include.source)
          ? `${include.source} is included, but not declared there`
          : `the include of ${include.source} ${include.certain ? 'leads nowhere' : 'is not read'}`,
        reason: include.certain
          ? `${include.reason}, so Nextflow stops before the first task`
          : `${include.reason}; what it would bring is missing from the graph and from all findings`,
        advice:
          nearest !== undefined
            ? `did you mean ${nearest}?`
            : include.certain
              ? `correct the path, or ${/\.config$/.test(include.source) ? 'add the config' : 'install the module'} that it names`
              : /permission/.test(include.reason)
                ? 'make it readable, and analyse again'
                : 'bring it into the pipeline’s folder; if the path depends on a param, give that with --param',
        confidence: include.certain ? 'high' : 'low',
        severity: include.certain ? 'error' : 'info',
        place: include.place,
      };
    }
  },
});
