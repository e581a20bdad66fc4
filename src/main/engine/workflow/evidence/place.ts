import type { EvidenceRecord, NodeName } from './evidence-record.ts'

/** Where a record stands in its run, in words. `nodes` are the nodes by visit. */
export function placeOf(record: EvidenceRecord | null, nodes: ReadonlyMap<number, NodeName>): string {
  if (record === null) return 'behind the end of the run'
  switch (record.kind) {
    case 'run':
      return 'the start of the run'
    case 'end':
      return 'the end of the run'
    case 'enter':
      return `entering ${record.node.id}, visit ${record.visit + 1}`
    case 'leave':
      return `leaving ${nodes.get(record.visit)?.id ?? 'a node'}, visit ${record.visit + 1}`
    case 'step': {
      const operation = record.operation === null ? '' : ` ${record.operation}`
      const id = record.id === '' ? `${record.step + 1}` : `${record.step + 1} "${record.id}"`
      return `step ${id} (${record.name}${operation}) of ${nodes.get(record.visit)?.id ?? 'a node'}, visit ${record.visit + 1}`
    }
  }
}

/** The nodes of a run by visit. */
export function nodesByVisit(records: Iterable<EvidenceRecord>): Map<number, NodeName> {
  const nodes = new Map<number, NodeName>()
  for (const record of records) if (record.kind === 'enter') nodes.set(record.visit, record.node)
  return nodes
}
