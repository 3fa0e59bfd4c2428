/**
 * What nf-mini has refuted of the channel model, each as small as it gets: pipelines found by the search (`npm run nf-mini`) or among fixtures/tasks.
 * All are mended: model.test.ts holds that none is refuted again.
 */
import type { Claim } from './judge.ts';
import type { World } from './world.ts';

export interface Refuted {
  readonly name: string;
  /** What the model said, and what is. */
  readonly why: string;
  readonly claim: Claim;
  readonly script: string;
  readonly world?: World;
}

const sample = (name: string): string => step(name, 'tuple val(meta), path(file)', 'tuple val(meta), path("${meta.id}.out")');
const step = (name: string, input: string, output: string): string =>
  `process ${name} {\n    input:\n    ${input}\n\n    output:\n    ${output}\n\n    script:\n    "true"\n}\n`;
const SHEET =
  "rows = channel.fromPath('sheet.csv').splitCsv(header: true).map { row -> [[id: row.id, lane: row.lane, lanes: row.lanes as int], file(row.reads)] }";

/** Two samples of two lanes. */
export const WORLD: World = {
  files: { 'sheet.csv': 'id,lane,lanes,reads\ns0,L1,2,a.fq\ns0,L2,2,b.fq\ns1,L1,2,c.fq\ns1,L2,2,d.fq\n' },
};

export const REFUTED: readonly Refuted[] = [
  {
    name: 'when: that asks what it is given',
    why: 'the number of tasks is said to be exact, not at most',
    claim: 'count',
    script: `
process CALL {
    input:
    tuple val(meta), path(file)

    when:
    meta.lane != 'L2'

    script:
    "true"
}
workflow {
    ${SHEET}
    CALL(rows)
}`,
  },
  {
    name: 'join of one item of a key with two',
    why: 'each key is joined once; the model counts both',
    claim: 'count',
    script: `
${sample('ALIGN')}${sample('SORT')}${step('CALL', 'tuple val(meta), path(one), path(other)', 'val meta')}
workflow {
    ${SHEET}
    ALIGN(rows)
    SORT(rows)
    CALL(ALIGN.out.join(ALIGN.out.mix(SORT.out)))
}`,
  },
  {
    name: 'fair',
    why: 'what ends early is held back for the tasks that were begun before it',
    claim: 'waits',
    script: `
process TRIM {
    fair true

    input:
    tuple val(meta), path(file)

    output:
    tuple val(meta), path("${'${meta.id}'}.fq")

    script:
    "true"
}
${step('CALL', 'tuple val(meta), path(file)', 'val meta')}
workflow {
    ${SHEET}
    TRIM(rows)
    CALL(TRIM.out)
}`,
  },
  {
    name: 'a key of items that were read in step with fewer',
    why: 'only those that found a partner have a key to group by; the model says all samples',
    claim: 'count',
    script: `
${sample('ALIGN')}${step('CALL', 'tuple val(meta), path(file)\n    tuple val(meta2), path(file2)', 'tuple val(meta), path("x")')}${step('MERGE', 'tuple val(meta), path(files)', 'val meta')}${step('REPORT', 'tuple val(meta), path(files)', 'val meta')}
workflow {
    ${SHEET}
    ALIGN(rows)
    rows.branch { meta, file ->
        first: meta.lane == 'L1'
        other: true
    }.set { by_lane }
    CALL(ALIGN.out, by_lane.first)
    MERGE(CALL.out.groupTuple())
    REPORT(ALIGN.out.groupTuple())
}`,
  },
  {
    name: 'cross with several left items of a key',
    why: 'each right item comes out once, with the last left one; the model counts all pairs',
    claim: 'count',
    script: `
${step('CALL', 'tuple val(id), val(reads)', 'val id')}
workflow {
    CALL(channel.of(['s0', 'a'], ['s0', 'b'], ['s1', 'c']).cross(channel.of(['s0', 'x'], ['s1', 'y'])).map { left, right -> [left[0], right[1]] })
}`,
  },
  {
    name: 'a group key that was grouped by once, grouped by again',
    why: 'it asks for as many items as the first group had: samples of several lanes are lost (fixtures/tasks/group-key-used-twice)',
    claim: 'count',
    script: `
${step('MERGE', 'tuple val(id), path(files)', 'tuple val(id), path("${id}.bam")')}${step('REPORT', 'tuple val(id), path(files)', 'val id')}
workflow {
    ${SHEET}
    MERGE(rows.map { meta, file -> [groupKey(meta.id, meta.lanes), file] }.groupTuple())
    REPORT(MERGE.out.groupTuple())
}`,
    world: { files: { 'sheet.csv': 'id,lane,lanes,reads\ns0,L1,2,a.fq\ns0,L2,2,b.fq\ns1,L1,1,c.fq\n' } },
  },
  {
    name: 'a group key on twice as many items as it says',
    why: 'a full group leaves, and a second one begins: more groups than keys',
    claim: 'count',
    script: `
${sample('ALIGN')}${step('MERGE', 'tuple val(id), path(files)', 'val id')}
workflow {
    ${SHEET}
    ALIGN(rows)
    MERGE(rows.mix(ALIGN.out).map { meta, file -> [groupKey(meta.id, meta.lanes), file] }.groupTuple())
}`,
  },
  {
    name: 'a fixed size on groups of another size',
    why: 'short groups are lost and long ones leave twice: size: 1 of groups of two',
    claim: 'count',
    script: `
${step('MERGE', 'tuple val(id), path(files)', 'val id')}
workflow {
    ${SHEET}
    MERGE(rows.map { meta, file -> [meta.id, file] }.groupTuple(size: 1))
}`,
  },
  {
    name: 'combine by a key that several items of both sides have',
    why: 'all pairs within a key: lanes × lanes of each sample',
    claim: 'count',
    script: `
${sample('ALIGN')}${step('CALL', 'tuple val(id), path(one), path(other)', 'val id')}
workflow {
    ${SHEET}
    ALIGN(rows)
    by_id = rows.map { meta, file -> [meta.id, file] }
    CALL(by_id.combine(ALIGN.out.map { meta, file -> [meta.id, file] }, by: 0))
}`,
  },
  {
    name: 'each over what the other input comes from too',
    why: 'every item with every one: n × n tasks, not n',
    claim: 'count',
    script: `
${step('TRIM', 'val id', 'val id')}${step('CALL', 'val id\n    each other', 'val id')}
workflow {
    ids = channel.of('s0', 's1', 's2')
    TRIM(ids)
    CALL(TRIM.out, ids)
}`,
  },
  {
    name: 'groupTuple with a size and remainder',
    why: 'a group that is short of its size waits for the end of the channel',
    claim: 'waits',
    script: `
${sample('ALIGN')}${step('MERGE', 'tuple val(id), path(files)', 'val id')}
workflow {
    ${SHEET}
    ALIGN(rows)
    MERGE(ALIGN.out.map { meta, file -> [meta.id, file] }.groupTuple(size: 3, remainder: true))
}`,
  },
  {
    name: 'the last batch',
    why: 'what is left over waits for the end of the channel, and so for what that waits for',
    claim: 'waits',
    script: `
${sample('ALIGN')}${sample('SORT')}${step('REPORT', 'val batch', 'val batch')}
workflow {
    ${SHEET}
    ALIGN(rows)
    SORT(ALIGN.out.filter { meta, file -> meta.lane == 'L1' })
    REPORT(SORT.out.map { meta, file -> meta.id }.collate(3))
}`,
  },
  {
    name: 'a group of two channels taken apart again',
    why: 'two items come of each key, one of each channel; the model gives back one',
    claim: 'count',
    script: `
${sample('ALIGN')}${step('CALL', 'tuple val(meta), path(file)', 'val meta')}
workflow {
    ${SHEET}
    ALIGN(rows)
    CALL(rows.mix(ALIGN.out).groupTuple().transpose())
}`,
  },
  {
    name: 'a list of two channels taken apart again',
    why: 'as many items as both had; the model gives back one of them',
    claim: 'count',
    script: `
${step('TRIM', 'val id', 'val id')}${step('SCREEN', 'val id', 'path "${id}.txt"')}${step('CALL', 'path file', 'val 1')}
workflow {
    ids = channel.of('s0', 's1', 's2')
    TRIM(ids)
    SCREEN(ids.mix(TRIM.out))
    CALL(SCREEN.out.collect().flatten())
}`,
  },
  {
    name: 'distinct is not unique',
    why: 'only neighbours that are alike are dropped: there may be more than there are keys',
    claim: 'count',
    script: `
${step('VISIT', 'val patient', 'val patient')}
workflow {
    VISIT(channel.of('ann', 'ann', 'bob', 'ann', 'bob', 'bob').distinct())
}`,
  },
  {
    name: 'unique of whole items of two channels',
    why: 'no two of them are alike, since their files are not',
    claim: 'count',
    script: `
${sample('ALIGN')}${step('CALL', 'tuple val(meta), path(file)', 'val meta')}
workflow {
    ${SHEET}
    ALIGN(rows)
    CALL(rows.concat(ALIGN.out).unique())
}`,
  },
  {
    name: 'the first of a barrier',
    why: 'whichever group is taken, it has waited for all; the model says for any one task',
    claim: 'waits',
    script: `
${sample('ALIGN')}${sample('SORT')}${step('CALL', 'tuple val(id), path(files)', 'val id')}
workflow {
    ${SHEET}
    ALIGN(rows)
    SORT(ALIGN.out.filter { meta, file -> meta.lane == 'L1' })
    CALL(SORT.out.map { meta, file -> [meta.id, file] }.groupTuple().first())
}`,
  },
  {
    name: 'a range among the items of a channel',
    why: 'channel.of spreads a range wherever it stands (fixtures/tasks/chromosomes-from-ranges)',
    claim: 'count',
    script: `
${step('CALL', 'val chromosome', 'val chromosome')}
workflow {
    CALL(channel.of(1..4, 'X'))
}`,
  },
  {
    name: 'files that the task of each group made',
    why: 'there are so many for each group; the model counts them once',
    claim: 'count',
    script: `
${step('SPLIT', 'tuple val(id), path(files)', 'tuple val(id), path("*.part", arity: \'1..*\')')}${step('CALL', 'tuple val(id), path(part)', 'val id')}
workflow {
    ${SHEET}
    SPLIT(rows.map { meta, file -> [meta.id, file] }.groupTuple())
    CALL(SPLIT.out.transpose())
}`,
    world: { ...WORLD, fileCounts: { 'SPLIT/0': [3] } },
  },
  {
    name: 'a list beside one of those that it is of, taken apart',
    why: 'each of them with each: lanes × lanes; the model counts lanes',
    claim: 'count',
    script: `
${step('CALL', 'tuple val(id), path(one), path(other)', 'val id')}
workflow {
    ${SHEET}
    by_id = rows.map { meta, file -> [meta.id, file] }
    CALL(by_id.groupTuple().combine(by_id, by: 0).transpose())
}`,
  },
  {
    name: 'merge of what a filter has left',
    why: 'at most as many pairs as were there before',
    claim: 'count',
    script: `
${sample('ALIGN')}${step('CALL', 'val both', 'val 1')}
workflow {
    ${SHEET}
    ALIGN(rows)
    metas = ALIGN.out.map { meta, file -> meta }
    CALL(metas.filter { it.lane == 'L1' }.merge(metas))
}`,
  },
  {
    name: 'batches of what a filter has left',
    why: 'at most as many as there would be without the filter',
    claim: 'count',
    script: `
${step('CALL', 'val batch', 'val 1')}
workflow {
    ${SHEET}
    CALL(rows.filter { meta, file -> meta.lane == 'L1' }.map { meta, file -> meta.id }.buffer(size: 1))
}`,
  },
  {
    name: 'parts of all combined with parts of all',
    why: 'each part of each sample with each part of each; the model counts only those of one sample',
    claim: 'count',
    script: `
${step('SPLIT', 'tuple val(meta), path(file)', 'tuple val(meta), path("*.part", arity: \'1..*\')')}${step('CALL', 'tuple val(meta), path(one), val(meta2), path(other)', 'val 1')}
workflow {
    ${SHEET}
    SPLIT(rows)
    CALL(SPLIT.out.transpose().combine(SPLIT.out.transpose()))
}`,
    world: { ...WORLD, fileCounts: { 'SPLIT/0': [2] } },
  },
  {
    name: 'a group key that meets a plain key',
    why: 'a plain key does not find the group key that came before it: how many there are depends on who comes first (fixtures/tasks/group-key-meets-plain-key)',
    claim: 'count',
    script: `
${sample('ALIGN')}${step('CALL', 'tuple val(id), path(one), path(other)', 'val id')}
workflow {
    ${SHEET}
    ALIGN(rows)
    plain = ALIGN.out.map { meta, file -> [meta.id + meta.lane, file] }
    CALL(rows.map { meta, file -> [groupKey(meta.id + meta.lane, 1), file] }.join(plain))
}`,
  },
  {
    name: 'a group key that is asked for its word',
    why: 'a group key equals the word that it holds; the model takes them for different (fixtures/tasks/group-key-in-conditions)',
    claim: 'never runs',
    script: `
${step('CALL', 'tuple val(id), path(files)', 'val id')}
workflow {
    ids = channel.fromFilePairs('reads/*_{1,2}.fq').map { id, files -> [groupKey(id, files.size()), files] }
    ids.branch { id, files ->
        other: id != 's0'
        first: true
    }.set { by_id }
    CALL(by_id.first)
}`,
    world: { files: { 'reads/s0_1.fq': '', 'reads/s0_2.fq': '' } },
  },
  {
    name: 'samples combined with groups of lanes, taken apart',
    why: 'each sample with each lane; the model takes the samples for those of the lanes',
    claim: 'count',
    script: `
${step('CALL', 'tuple val(id), val(id2), path(file)', 'val id')}
workflow {
    ${SHEET}
    ids = rows.map { meta, file -> meta.id }.unique()
    CALL(ids.combine(rows.map { meta, file -> [meta.id + meta.lane, file] }.groupTuple()).transpose())
}`,
  },
  {
    name: 'batches taken apart again',
    why: 'as many as were in batches; the model counts batches times items',
    claim: 'count',
    script: `
${step('CALL', 'path file', 'val 1')}
workflow {
    ${SHEET}
    CALL(rows.map { meta, file -> file }.buffer(size: 2).collect().flatten())
}`,
  },
  {
    name: 'a channel combined with itself',
    why: 'each pair waits for its two tasks; the model says for all, as if it were a barrier',
    claim: 'overstated',
    script: `
${sample('ALIGN')}${step('COMPARE', 'tuple val(meta), path(one), val(meta2), path(other)', 'val 1')}
workflow {
    ${SHEET}
    ALIGN(rows)
    COMPARE(ALIGN.out.combine(ALIGN.out))
}`,
  },
  {
    name: 'its own item, and the first of all',
    why: 'each task waits for two tasks, its own and the one that came first; the model says for all',
    claim: 'overstated',
    script: `
${sample('ALIGN')}${step('CALL', 'tuple val(meta), path(bam)\n    path model', 'val 1')}
workflow {
    ${SHEET}
    ALIGN(rows)
    CALL(ALIGN.out, ALIGN.out.map { meta, bam -> bam }.first())
}`,
  },
  {
    name: 'combine by a key that is written down twice on both sides',
    why: 'two times two pairs of that key: more than either side has items (fixtures/tasks/combined-by-patient)',
    claim: 'count',
    script: `
${step('CALL', 'tuple val(patient), val(tumour), val(normal)', 'val patient')}
workflow {
    CALL(channel.of(['ann', 't1'], ['ann', 't2'], ['bob', 't3']).combine(channel.of(['ann', 'n1'], ['ann', 'n2'], ['bob', 'n3']), by: 0))
}`,
  },
  {
    name: 'join with remainder of what has no partner',
    why: 'the two labels of a branch never meet, but with remainder all of both come out; the model says nothing does',
    claim: 'never runs',
    script: `
${step('CALL', 'tuple val(id), val(one), val(other)', 'val id')}
workflow {
    ${SHEET}
    rows.branch { meta, file ->
        first: meta.lane == 'L1'
        other: true
    }.set { by_lane }
    CALL(by_lane.first.map { meta, file -> [meta.toString(), 1] }.join(by_lane.other.map { meta, file -> [meta.toString(), 2] }, remainder: true))
}`,
  },
  {
    name: 'one optional output handed on and mixed with what was made of it',
    why: 'they are not one or the other: both are there for each task that has the output',
    claim: 'count',
    script: `
${step('SCREEN', 'tuple val(meta), path(file)', 'tuple val(meta), path("${meta.id}.fq"), optional: true')}${sample('TRIM')}${step('CALL', 'tuple val(meta), path(file)', 'val meta')}
workflow {
    ${SHEET}
    SCREEN(rows)
    TRIM(SCREEN.out)
    CALL(SCREEN.out.mix(TRIM.out))
}`,
    world: { ...WORLD, fileCounts: { 'SCREEN/0': [1] } },
  },
];
