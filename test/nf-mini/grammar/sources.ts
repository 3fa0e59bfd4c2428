/** Sources: a samplesheet, pairs of reads, intervals, references, words. */
import type { Draft } from '../generate.ts';
import { key, NUMBER, PATH, paths, push, unused, WORD } from './parts.ts';

export function sheet(draft: Draft): void {
  const name = unused(draft, 'ch_samples');
  const row = 'row -> [[id: row.id, patient: row.patient, lane: row.lane, n_lanes: row.n_lanes as int], file(row.reads)]';
  push(draft, { lines: [`${name} = channel.fromPath(params.input).splitCsv(header: true).map { ${row} }`] }, [
    { name, kind: 'queue', fields: [key('row'), PATH], bare: false, family: name, distinct: true, weight: 8 },
  ]);
}

export function pairs(draft: Draft): void {
  const name = unused(draft, 'ch_pairs');
  push(draft, { lines: [`${name} = channel.fromFilePairs('pairs/*_{1,2}.fq')`] }, [
    { name, kind: 'queue', fields: [key('pair'), paths(true)], bare: false, family: name, distinct: true, weight: 4 },
  ]);
}

export function intervals(draft: Draft): void {
  const name = unused(draft, 'ch_intervals');
  const common = { name, kind: 'queue', family: undefined, distinct: true, weight: 3 } as const;
  const source = "channel.fromPath('intervals/*.bed')";
  switch (draft.random.between(0, 3)) {
    case 0:
      push(draft, { lines: [`${name} = ${source}.map { bed -> [bed.baseName, bed] }`] }, [
        { ...common, fields: [key('region'), PATH], bare: false },
      ]);
      break;
    case 1:
      // How many there are is carried along, for the size of a group.
      push(draft, { lines: [`${name} = ${source}.toList().map { beds -> [beds, beds.size()] }.transpose()`] }, [
        { ...common, fields: [PATH, NUMBER], bare: false },
      ]);
      break;
    default:
      push(draft, { lines: [`${name} = ${source}`] }, [{ ...common, fields: [PATH], bare: true, family: name }]);
  }
}

export function reference(draft: Draft): void {
  const name = unused(draft, 'ch_fasta');
  const text = draft.random.weighted(
    [
      "file('genome.fa')",
      "channel.value(file('genome.fa'))",
      "channel.fromPath('genome.fa').first()",
      "channel.fromPath('genome.fa').collect()",
    ],
    (one) => (one.startsWith('file') ? 3 : 1),
  );
  const field = text.includes('collect') ? paths(true) : PATH;
  push(draft, { lines: [`${name} = ${text}`] }, [
    { name, kind: 'value', fields: [field], bare: true, family: undefined, distinct: false, weight: 1, plain: text.startsWith('file') },
  ]);
}

export function words(draft: Draft): void {
  const name = unused(draft, 'ch_tools');
  const list = draft.random.shuffled(['bwa', 'star', 'minimap']).slice(0, draft.random.between(1, 3));
  push(draft, { lines: [`${name} = channel.of(${list.map((one) => `'${one}'`).join(', ')})`] }, [
    { name, kind: 'queue', fields: [WORD], bare: true, family: name, distinct: true, weight: list.length },
  ]);
}
