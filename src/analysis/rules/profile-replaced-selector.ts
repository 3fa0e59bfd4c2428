import type { ConfigEntry, ReplacedSelector } from '../../parser/pipeline/pipeline.ts';
import { defineRule } from '../rule.ts';
import { listOf } from '../words.ts';

export const profileReplacedSelector = defineRule({
  id: 'profile-replaced-selector',
  title: 'A profile’s selector drops settings made before it',
  severity: 'warning',
  fixable: false,
  requires: [],
  unsaved: 'what the settings that it means would do was not measured',
  docs: `
**What it finds**

A \`withName:\` or \`withLabel:\` block in a chosen profile, for a selector that was already set outside the profile, where the
profile does not repeat everything that was set.

\`\`\`groovy
process {
    withLabel: process_high { cpus = 12; memory = 72.GB; time = 16.h }
}
profiles {
    cluster {
        process { withLabel: process_high { cpus = 24 } }    // legacy parser: memory and time are gone
    }
}
\`\`\`

**Why it costs you**

Nextflow's legacy config parser, the default before 26.04, *replaces* the whole block: the tasks run with 24 cpus and the default
memory and time, and are killed or retried. The strict parser merges the two blocks setting by setting. So the same pipeline asks
for different resources depending on the version of Nextflow that runs it.

**How to fix**

Repeat all settings of the selector in the profile's block; or set what differs through a param
(\`cpus = params.cpus_high\`); or require the strict parser (\`manifest.nextflowVersion = '>=26.04'\`).

**Fix safety**

Not fixed automatically. Repeating the settings changes nothing under the strict parser.

**When to ignore it**

When the profile means to start from nothing, and says so in a comment.

**References**

- Nextflow: [Config profiles](https://www.nextflow.io/docs/latest/config.html#config-profiles)
- Tried on Nextflow 25.04 with both parsers, by \`nextflow config -flat\` and by real runs
`,
  *check({ pipeline }) {
    const { language } = pipeline;
    const bites = language.parser === 'v1';
    if (!bites && !allowsLegacy(language.minimum)) return;
    for (const replaced of pipeline.config.replacedSelectors) {
      if (replaced.lost.length === 0) continue;
      const lost = replaced.lost.map(settingName);
      const settings = replaced.lost.map((entry) => `${settingName(entry)} = ${oneLine(entry.text)}`);
      const selector = `${replaced.kind}:${replaced.pattern}`;
      yield {
        message: bites
          ? `profile ${replaced.profile} drops ${listOf(lost)} of ${selector}`
          : `before Nextflow 26.04, profile ${replaced.profile} drops ${listOf(lost)} of ${selector}`,
        reason: bites
          ? `the config parser of Nextflow ${language.version} replaces the whole block, so these settings are gone: ${listOf(settings, 6)}`
          : `${allowed(language.minimum)}; their config parser replaces the whole block where this one merges it: ${listOf(settings, 6)} would be gone`,
        advice: `repeat ${listOf(lost)} in the profile’s block${bites ? '' : ', or ask for at least 26.04 in the manifest'}`,
        confidence: 'high',
        severity: bites ? 'warning' : 'info',
        place: headOf(replaced),
        related: replaced.lost.map((entry) => ({ message: `${settingName(entry)} was set here`, place: entry.place })),
        names: [replaced.profile, selector],
      };
    }
  },
});

function headOf({ place }: ReplacedSelector): ReplacedSelector['place'] {
  const head = place.file.slice(place).split('{')[0] as string;
  return { ...place, end: place.start + Math.max(1, head.trimEnd().length) };
}

/** `ext.args` of `process.withName:STAR.ext.args`. */
function settingName({ path }: ConfigEntry): string {
  const selector = path.findIndex((part) => /^with(Name|Label)\b/.test(part));
  return path.slice(selector === -1 ? -1 : selector + 1).join('.');
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

/** `>=24.10.0`, `!>=23.04`: versions before 26.04, whose default is the legacy parser. Without a minimum any may run it. */
function allowsLegacy(minimum: string | undefined): boolean {
  const version = minimum === undefined ? null : /(\d+)\.(\d+)/.exec(minimum);
  if (version === null) return true;
  return Number(version[1]) < 26 || (Number(version[1]) === 26 && Number(version[2]) < 4);
}

function allowed(minimum: string | undefined): string {
  return minimum === undefined
    ? 'the manifest asks for no version, so older ones may run it'
    : `the manifest allows older versions (${minimum})`;
}
