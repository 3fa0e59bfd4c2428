/** Short names for calls. Nextflow's full names are long (`NFCORE_RNASEQ:RNASEQ:ALIGN_STAR:STAR_ALIGN`), and mostly shared. */

export function simpleName(id: string): string {
  return id.slice(id.lastIndexOf(':') + 1);
}

/** The shortest end of the name that tells the call from all others: `STAR_ALIGN`, or `PREPARE_GENOME:GUNZIP`. */
export function tellingName(id: string, all: readonly string[]): string {
  const parts = id.split(':');
  for (let from = parts.length - 1; from > 0; from -= 1) {
    const end = parts.slice(from).join(':');
    if (!all.some((other) => other !== id && (other === end || other.endsWith(`:${end}`)))) return end;
  }
  return id;
}

/** The path of workflows that a call is in; empty for a call of the entry workflow. */
export function workflowPath(id: string): string {
  const colon = id.lastIndexOf(':');
  return colon === -1 ? '' : id.slice(0, colon);
}

/** Simple names, sorted, those that several calls share once: `SAMTOOLS_INDEX ×3`. */
export function gatheredNames(ids: readonly string[], times: string): string[] {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(simpleName(id), (counts.get(simpleName(id)) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => (count === 1 ? name : `${name} ${times}${count}`));
}
