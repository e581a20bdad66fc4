import type { GraphTemplate } from '../../../../shared/model/workflow-graph.ts'
import { isMark } from '../secrets/redactor.ts'

/** What the inputs of a node can reach. */
export interface GraphScope {
  readonly payload: unknown
  /** Outputs by node id; a node that has not succeeded has none. */
  readonly results: ReadonlyMap<string, unknown>
  /** Errors by node id, for whoever follows an edge of failure. */
  readonly errors: ReadonlyMap<string, unknown>
  /** The item of a node that is called once for each. */
  readonly item?: unknown
}

/** Where a path begins: `payload`, `item`, or the results or errors of a node. */
export type PathRoot =
  | { readonly kind: 'payload' }
  | { readonly kind: 'item' }
  | { readonly kind: 'results' | 'errors'; readonly node: string }

export interface GraphPath {
  readonly root: PathRoot
  readonly keys: readonly string[]
}

/**
 * The grammar of bindings, with the names of nodes in place of addresses: `$.payload.<key>…`, `$.results.<node>.<key>…`,
 * and beyond it `$.errors.<node>…` and `$.item…`; each may stand alone for the whole. Keys are split at dots; in a list a key
 * is a position. Returns null for a text that is no path, and a sentence for one that begins like one and is none.
 */
export function parsePath(text: string): GraphPath | string | null {
  if (!text.startsWith('$.')) return null
  const [, root = '', ...keys] = text.split('.')
  if (keys.includes('') || root === '') return `the path ${text} has an empty key`
  if (root === 'payload' || root === 'item') return { root: { kind: root }, keys }
  if (root === 'results' || root === 'errors') {
    const [node, ...rest] = keys
    return node === undefined ? `the path ${text} names no node` : { root: { kind: root, node }, keys: rest }
  }
  return `the path ${text} begins with $.${root}; paths begin with $.payload, $.results, $.errors or $.item`
}

/** A text with `$$.` in front stands for itself with one `$`. */
export function literalText(text: string): string {
  return text.startsWith('$$.') ? text.slice(1) : text
}

/** Every path of a template, deep inside too. */
export function* textsOf(template: GraphTemplate): Generator<string> {
  if (typeof template === 'string') yield template
  else if (Array.isArray(template)) for (const item of template) yield* textsOf(item)
  else if (typeof template === 'object' && template !== null) {
    for (const item of Object.values(template)) yield* textsOf(item)
  }
}

/** The template with its paths replaced by what they reach; a miss gives null. What a path gives is never resolved again. */
export function resolveTemplate(template: GraphTemplate, scope: GraphScope): unknown {
  if (typeof template === 'string') {
    const path = parsePath(template)
    return path === null || typeof path === 'string' ? literalText(template) : resolvePath(path, scope)
  }
  if (Array.isArray(template)) return template.map((item) => resolveTemplate(item, scope))
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(Object.entries(template).map(([key, item]) => [key, resolveTemplate(item, scope)]))
}

export function resolvePath({ root, keys }: GraphPath, scope: GraphScope): unknown {
  return walkKeys(rootValue(root, scope), keys)
}

/** Follows own properties only, so that no path leads into a prototype. What lies in a secret that was left out is left out too. */
export function walkKeys(start: unknown, keys: readonly string[]): unknown {
  let value = start
  for (const key of keys) {
    if (isMark(value)) return value
    if (value instanceof Map) value = value.get(key)
    else if (typeof value === 'object' && value !== null && Object.hasOwn(value, key)) {
      value = (value as Record<string, unknown>)[key]
    } else return null
  }
  return value ?? null
}

function rootValue(root: PathRoot, scope: GraphScope): unknown {
  if (root.kind === 'payload') return scope.payload
  if (root.kind === 'item') return scope.item
  return scope[root.kind].get(root.node)
}
