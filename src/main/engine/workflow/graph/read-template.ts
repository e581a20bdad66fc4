import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml'
import type { GraphTemplate } from '../../../../shared/model/workflow-graph.ts'
import type { SourceDocument } from './source-document.ts'

/** A value deeper than this, or one that holds itself through an alias, is refused. */
const maxDepth = 32
/** More values than this come of aliases that repeat each other, and would fill the memory. */
const maxValues = 1_000_000

/** Reads a value as plain JSON, with a problem for what JSON cannot say. */
export function readTemplate(source: SourceDocument, node: Node | null, depth = 0): GraphTemplate {
  if (!source.countValue(maxValues)) return null
  if (depth > maxDepth) {
    source.problem(node, `the value is nested deeper than ${maxDepth}`)
    return null
  }
  if (isAlias(node)) return readTemplate(source, source.resolved(node), depth + 1)
  if (isSeq<Node>(node)) return node.items.map((item) => readTemplate(source, item, depth + 1))
  if (isMap(node)) {
    const entries = source.entries(node, node, 'the value') ?? []
    return Object.fromEntries(entries.map(({ name, value }) => [name, readTemplate(source, value, depth + 1)]))
  }
  const value: unknown = isScalar(node) ? node.value : null
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  source.problem(node, `the value ${String(value)} cannot be written in JSON`)
  return null
}
