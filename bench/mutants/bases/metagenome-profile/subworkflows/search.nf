// Proteins are searched in chunks; a sample's hits are put together once all of its chunks are there.

include { SPLIT_PROTEINS; BLASTP; GATHER_HITS; LINEAGES } from '../modules/search'
include { BLAST_DB } from '../modules/search'

workflow SEARCH {
    take:
    queries  // [ [id, libraries], faa ]
    proteins // a FASTA file of known proteins

    main:
    BLAST_DB(proteins)
    SPLIT_PROTEINS(queries)

    chunks = SPLIT_PROTEINS.out.chunks
        .map { meta, files -> tuple(groupKey(meta, files.size()), files) }
        .transpose()
    BLASTP(chunks, BLAST_DB.out.db)

    GATHER_HITS(BLASTP.out.hits.groupTuple().map { key, hits -> tuple(key.getGroupTarget(), hits) })
    LINEAGES(GATHER_HITS.out.hits)
}
