import type { ProcessSelector } from '../../parser/pipeline/pipeline.ts';
import { compileSelector, lastNameOf, matchesSelector } from '../../parser/pipeline/selector-match.ts';
import { nearest, Spellings } from '../../source/nearest.ts';
import type { SourceRange } from '../../source/source-file.ts';
import type { Confidence } from '../finding.ts';
import {
  type LabelNames,
  labelNames,
  type NamesElsewhere,
  namesElsewhere,
  type ProcessNames,
  processNames,
} from '../passes/selectable-names.ts';
import { defineRule, type FoundHere, type RuleContext } from '../rule.ts';
import { listOf, shortNames } from '../words.ts';

export const deadSelector = defineRule({
  id: 'dead-selector',
  title: 'A process selector of the config matches nothing',
  severity: 'warning',
  fixable: false,
  requires: ['calls'],
  unsaved: 'what the settings that it means would do was not measured',
  docs: `
**What it finds**

A \`withName:\` or \`withLabel:\` block in the config that matches no process of the pipeline: a typing mistake, a process that was
renamed or removed, a path through workflows that changed. A pattern is a regular expression for the *whole* name: of the process, of
its alias, or fully qualified (\`RNASEQ:ALIGN:STAR_ALIGN\`).

\`\`\`groovy
process {
    // no such process
    withName: 'STAR_ALING' { memory = 72.GB }
    // whole names only: STAR_ALIGN needs 'STAR.*'
    withName: 'STAR' { memory = 72.GB }
    // FASTQC exists, but not there
    withName: '.*:OLD_QC:FASTQC' { cpus = 4 }
}
\`\`\`

In a choice, \`'A|B|C'\`, a part that matches nothing is reported as info. So is a label that no process has, unless a process has
a label that is spelled nearly so and no block of its own. Not reported: what another script of the root runs with the same config.

**Why it costs you**

The settings in the block reach no task. The process that they were written for runs with the defaults: too little memory and
retries, or \`ext.args\` that are missing without a word. Nextflow warns once in the log and goes on.

**How to fix**

Correct the name, or remove the block.

**Fix safety**

Not fixed automatically: correcting the name changes what tasks ask for, and with \`ext\` also what they do.

**When to ignore it**

In a config that several pipelines share. Labels of the nf-core template (\`process_low\`, \`error_retry\` …) that no process has are
never reported, since they stand there for modules to come.

**References**

- Nextflow: [Process selectors](https://www.nextflow.io/docs/latest/config.html#process-selectors)
- Nextflow: [Selector expressions](https://www.nextflow.io/docs/latest/config.html#selector-expressions)
`,
  *check(context) {
    const known = processNames(context.graph);
    let others: NamesElsewhere | undefined;
    const elsewhere = (): NamesElsewhere => (others ??= namesElsewhere(context.pipeline));
    const names = {
      ...known,
      spellings: new Spellings(known.simple),
      byLastName: byLastName(known.known),
      elsewhere,
    };
    if (names.known.length === 0) return;
    let labels: LabelNames | undefined;
    for (const selector of context.pipeline.config.selectors) {
      const place = patternPlace(context, selector);
      if (place === undefined) continue;
      if (selector.kind === 'withName') yield* checkName(context, selector, place, names);
      else {
        labels ??= labelNames(context.graph);
        yield* checkLabel(context, selector, place, labels, elsewhere);
      }
    }
  },
});

interface Names extends ProcessNames {
  readonly spellings: Spellings;
  /** Those of `known`, by what stands behind their last colon. */
  readonly byLastName: ReadonlyMap<string, readonly string[]>;
  /** Of processes of other scripts that are run with the same config. */
  readonly elsewhere: () => NamesElsewhere;
}

function byLastName(names: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const name of names) {
    const last = lastNameOf(name);
    const alike = found.get(last);
    if (alike === undefined) found.set(last, [name]);
    else alike.push(name);
  }
  return found;
}

/** Whether the pattern matches what is known; most say how a name has to end. */
function isUsed(pattern: string, negated: boolean, { known, byLastName }: Names): boolean | undefined {
  const { lastName } = compileSelector(pattern);
  return anyMatches(pattern, negated, negated || lastName === undefined ? known : (byLastName.get(lastName) ?? []));
}

function* checkName(context: RuleContext, selector: ProcessSelector, place: SourceRange, names: Names): Iterable<FoundHere> {
  const { pattern, negated } = selector;
  const used = isUsed(pattern, negated, names);
  if (used === undefined) return;
  const confidence = confidenceIn(context);
  if (used) {
    if (!negated) yield* checkAlternatives(context, selector, place, names);
    return;
  }
  // The process may be in what could not be read.
  if (anyMatches(pattern, negated, names.unread) !== false && names.unread.length > 0) return;
  const lastName = pattern.slice(pattern.lastIndexOf(':') + 1);
  if (anyMatches(lastName, negated, names.elsewhere().names) !== false) return;
  const { why, advice } = explain(pattern, names);
  yield {
    message: `withName: '${negated ? '!' : ''}${pattern}' matches no process`,
    reason: `${why}${settingsOf(selector)} no task${inProfile(selector)}`,
    advice,
    confidence,
    place,
    related: otherPlaces(selector),
    names: [`${selector.kind}:${pattern}`],
  };
}

function* checkAlternatives(context: RuleContext, selector: ProcessSelector, place: SourceRange, names: Names): Iterable<FoundHere> {
  const alternatives = compileSelector(selector.pattern).alternatives ?? [];
  if (alternatives.length < 2) return;
  const dead = alternatives.filter(
    ({ text }) =>
      isUsed(text, false, names) === false &&
      anyMatches(text, false, names.unread) === false &&
      anyMatches(text.trim(), false, names.elsewhere().names) === false,
  );
  const [first] = dead;
  if (first === undefined) return;
  const written = place.file.slice(place) === selector.pattern;
  const { why, advice } = explain(first.text.trim(), names);
  yield {
    message: `${listOf(dead.map(({ text }) => `'${text.trim()}'`))} in this selector ${dead.length === 1 ? 'matches' : 'match'} no process`,
    reason: `${dead.length === 1 ? why : ''}the rest of the selector is in use`,
    advice: dead.length === 1 ? advice : 'correct the names, or drop them from the selector',
    confidence: confidenceIn(context),
    severity: 'info',
    place: written ? { ...place, start: place.start + first.start, end: place.start + first.end } : place,
    names: [`${selector.kind}:${selector.pattern}`],
  };
}

function* checkLabel(
  context: RuleContext,
  selector: ProcessSelector,
  place: SourceRange,
  labels: LabelNames,
  elsewhere: Names['elsewhere'],
): Iterable<FoundHere> {
  const { pattern, negated } = selector;
  if (labels.open || anyMatches(pattern, negated, labels.known) !== false) return;
  if (anyMatches(pattern, negated, elsewhere().labels) !== false) return;
  // Labels that have no block of their own: one of these may be what was meant.
  const blocks = context.pipeline.config.selectors.filter((other) => other.kind === 'withLabel' && other !== selector);
  const free = labels.known.filter((label) => blocks.every((block) => anyMatches(block.pattern, block.negated, [label]) === false));
  const [near] = nearest(pattern, free);
  if (TEMPLATE_LABELS.has(pattern)) return;
  yield {
    message: `withLabel: '${negated ? '!' : ''}${pattern}' matches no process`,
    reason: `no process has this label, so ${settingsOf(selector)} no task${inProfile(selector)}`,
    advice:
      near === undefined
        ? 'remove the block, or give the label to the processes that it is for'
        : `did you mean ${near}? Nothing sets that label`,
    confidence: confidenceIn(context),
    severity: near === undefined ? 'info' : 'warning',
    place,
    related: otherPlaces(selector),
    names: [`${selector.kind}:${pattern}`],
  };
}

/** Of nf-core's template, conf/base.config: written for modules to come. */
const TEMPLATE_LABELS = new Set(
  'process_single process_low process_medium process_high process_long process_high_memory process_gpu process_low_memory error_ignore error_retry'.split(
    ' ',
  ),
);

/** undefined: for at least one name it cannot be told, and for none it is certain. */
function anyMatches(pattern: string, negated: boolean, names: readonly string[]): boolean | undefined {
  let answer: boolean | undefined = false;
  for (const name of names) {
    const matches = matchesSelector(pattern, name);
    if (matches === undefined) answer = undefined;
    else if (matches !== negated) return true;
  }
  return answer;
}

function explain(pattern: string, names: Names): { why: string; advice: string } {
  const segments = pattern.split(':');
  const last = segments.at(-1) as string;
  if (names.workflows.has(pattern)) {
    return {
      why: `${pattern} is a workflow, and selectors match processes; `,
      advice: `for all processes in it, write '.*:${pattern}:.*'`,
    };
  }
  if (segments.length > 1 && /^[\w.*+|()]+$/.test(last) && !/^[.*+]*$/.test(last)) {
    const simple = names.simple.filter((name) => matchesSelector(last, name) === true);
    const [process] = simple;
    if (process !== undefined) {
      const ids = names.ids.filter((id) => matchesSelector(last, lastNameOf(id)) === true);
      if (ids.length === 0) {
        return {
          why: `${listOf(simple)} is there and never called; `,
          advice: 'remove the block, or call the process where the path says',
        };
      }
      const [workflow] = segments.slice(0, -1).filter((segment) => names.notEntered.has(segment));
      return {
        why:
          workflow === undefined
            ? `${listOf(shortNames(ids))} is called, but not under this path; `
            : `the workflow ${workflow} is not called; `,
        advice: `correct the path: ${listOf(ids)}`,
      };
    }
  }
  const plain = last.replace(/^\W+|\W+$/g, '');
  const longer = names.simple.filter((name) => plain.length > 2 && plain === last && name.startsWith(plain));
  if (segments.length === 1 && longer.length > 0) {
    return {
      why: `a selector matches whole names, and there is no ${plain} alone; `,
      advice: `did you mean '${plain}.*' (${listOf(longer)})?`,
    };
  }
  const near = names.spellings.nearest(plain, 2);
  return {
    why: '',
    advice: near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'correct the name, or remove it if the process is gone',
  };
}

/** Reads before "no task". */
function settingsOf(selector: ProcessSelector): string {
  const settings = [...selector.settings.keys()];
  if (settings.length === 0) return 'it is empty and reaches';
  return `its ${settings.length === 1 ? 'setting' : 'settings'} ${listOf(settings, 4)} ${settings.length === 1 ? 'reaches' : 'reach'}`;
}

function inProfile(selector: ProcessSelector): string {
  const profile = selector.places[0]?.profile;
  return profile === undefined ? '' : ` (profile ${profile})`;
}

function otherPlaces(selector: ProcessSelector): FoundHere['related'] & object {
  const [first] = selector.places;
  // A config that is included twice has the block twice, at one place.
  return selector.places
    .filter(({ place }) => place.file !== first?.place.file || place.start !== first.place.start)
    .map(({ place }) => ({ message: 'and here', place }));
}

/** What was not read may hold the process. */
function confidenceIn({ pipeline, graph }: RuleContext): Confidence {
  if (pipeline.unresolvedIncludes.length > 0) return 'low';
  const broken = pipeline.diagnostics.some((diagnostic) => diagnostic.severity === 'error' && pipeline.scripts.has(diagnostic.file.path));
  return broken || graph.notes.length > 0 ? 'medium' : 'high';
}

/** The pattern where it is written; undefined for configs that are not the pipeline's own. */
function patternPlace({ pipeline }: RuleContext, selector: ProcessSelector): SourceRange | undefined {
  const place = selector.places[0]?.place;
  if (place === undefined || /^(\.\.\/|\/|[A-Za-z]:)/.test(place.file.path)) return undefined;
  if (!pipeline.configFiles.includes(place.file) && !pipeline.scripts.has(place.file.path)) return undefined;
  const at = place.file.slice(place).indexOf(selector.pattern);
  if (selector.pattern === '' || at === -1) return place;
  return { ...place, start: place.start + at, end: place.start + at + selector.pattern.length };
}
