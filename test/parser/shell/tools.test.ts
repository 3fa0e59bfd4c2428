/** Command lines of real pipelines, in short: which words a tool reads, which it writes, and whether anything stays unknown. */
import { expect, test } from 'vitest';
import { quoted, read, shown, uses } from './scripts.ts';

/** What each step reads > what it writes; `?`: it may read or write more. Companions are left out. */
function files(script: string): string {
  const { steps } = read({ inputs: 'path unused', script: quoted(script) });
  return steps.map(({ reads, writes, known }) => `${names(reads)} > ${names(writes)}${known ? '' : ' ?'}`).join('; ');
}

function names(list: readonly { readonly text: string }[]): string {
  return list.map(({ text }) => shown(text)).join(' ');
}

function use(script: string, inputs: string): string {
  return uses(read({ inputs, script: quoted(script) }));
}

const FILES: readonly [command: string, expected: string][] = [
  // OpenMS: lists end at the next option.
  ['FileConverter -in a.mzML -out a.mgf -threads 4', 'a.mzML > a.mgf'],
  ['IDMerger -in a.idXML b.idXML c.idXML -out all.idXML -annotate_file_origin true', 'a.idXML b.idXML c.idXML > all.idXML'],
  [
    'MapAlignerPoseClustering -in a.featureXML b.featureXML -out c.featureXML d.featureXML',
    'a.featureXML b.featureXML > c.featureXML d.featureXML',
  ],
  ['FeatureLinkerUnlabeledKD -in *.featureXML -out all.consensusXML -algorithm:link:rt_tol 30', '*.featureXML > all.consensusXML'],
  [
    'ProteomicsLFQ -threads 6 -in a.mzML b.mzML -ids a.idXML b.idXML -design design.tsv -fasta db.fasta -out_msstats m.csv -out out.mzTab -targeted_only true',
    'a.mzML b.mzML a.idXML b.idXML design.tsv db.fasta > m.csv out.mzTab',
  ],
  ['PercolatorAdapter -in a.idXML -out b.idXML -subset_max_train 1000 -decoy_pattern DECOY_ -post_processing_tdc', 'a.idXML > b.idXML'],
];

test.each(FILES)('%s', (command, expected) => {
  expect(files(command)).toBe(expected);
});

const USES: readonly [what: string, inputs: string, command: string, expected: string][] = [
  [
    'a step of OpenMS that is given a table for nothing',
    'path mzml\npath table',
    'PeakPickerHiRes -in $mzml -out picked.mzML -threads 2 -algorithm:ms_levels 1',
    'mzml direct, table unread',
  ],
  [
    'a list behind an option, and a file staged under a name that stands in it',
    "path 'a.idXML'\npath 'b.idXML'\npath 'c.idXML'",
    'ConsensusID -in a.idXML b.idXML -out all.idXML',
    '- staged-name, - staged-name, - unread',
  ],
  [
    'options that are not known',
    'path mzml\npath table\nval more',
    'FileFilter -in $mzml $more -out small.mzML',
    'mzml direct, table maybe, more direct',
  ],
];

test.each(USES)('%s', (_, inputs, command, expected) => {
  expect(use(command, inputs)).toBe(expected);
});
