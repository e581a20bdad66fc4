import type { SealedGraph } from '../../../../shared/model/workflow-graph.ts'
import { canonicalHash } from '../../json/canonical-hash.ts'
import { parseJson } from '../../json/parse.ts'

/** SHA-256 of the canonical JSON of the graph: the same for YAML and JSON, whatever the blanks and comments. */
export function sealOf(graph: SealedGraph): string {
  return canonicalHash(parseJson(JSON.stringify(graph)))
}
