import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  type Scalar,
  type YAMLMap,
  type YAMLParseError,
} from 'yaml'
import type { GraphProblem } from '../../../../shared/model/workflow-graph.ts'

/** Something in a source, from which a problem can be placed. */
export type Place = Node | null | undefined

/** One entry of a mapping. */
export interface Entry {
  readonly name: string
  readonly key: Place
  /** Null where nothing is written after the colon. */
  readonly value: Node | null
}

/**
 * A workflow's file with the place of everything in it. YAML 1.2 is read, of which JSON is a part, so that both have lines
 * and columns. Collects what is wrong; nothing here throws.
 */
export class SourceDocument {
  readonly #lines = new LineCounter()
  readonly #document: Document.Parsed<ParsedNode>
  readonly #problems: GraphProblem[] = []
  #values = 0

  constructor(text: string) {
    // Duplicates are reported here, with both places.
    this.#document = parseDocument(text, { lineCounter: this.#lines, uniqueKeys: false, prettyErrors: false })
    for (const error of this.#document.errors) {
      this.#problems.push({ ...this.#at(error.pos[0]), message: sentence(error), hint: null })
    }
  }

  get root(): Node | null {
    return this.#document.contents
  }

  /** In the order of the file. */
  get problems(): readonly GraphProblem[] {
    return [...this.#problems].sort((a, b) => a.line - b.line || a.column - b.column)
  }

  problem(place: Place, message: string, hint: string | null = null): void {
    this.#problems.push({ ...this.#at(place?.range?.[0] ?? 0), message, hint })
  }

  /** `line:column` of a place, for sentences. */
  positionText(place: Place): string {
    const { line, column } = this.#at(place?.range?.[0] ?? 0)
    return `${line}:${column}`
  }

  /** The entries of a mapping, without those whose name came before; null, and a problem, for anything else. */
  entries(node: Node | null, whole: Place, what: string): readonly Entry[] | null {
    if (!isMap(node)) {
      this.problem(node ?? whole, `${what} must be a mapping of names to values, not ${describe(node)}`)
      return null
    }
    const seen = new Map<string, Entry>()
    for (const entry of this.#pairs(node, what)) {
      const first = seen.get(entry.name)
      if (first === undefined) seen.set(entry.name, entry)
      else {
        this.problem(
          entry.key,
          `"${entry.name}" is written twice in ${what}; the first is at ${this.positionText(first.key)}`,
        )
      }
    }
    return [...seen.values()]
  }

  /** The items of a list; null, and a problem, for anything else. */
  items(node: Node | null, whole: Place, what: string): readonly Node[] | null {
    if (isSeq<Node>(node)) return node.items
    this.problem(node ?? whole, `${what} must be a list, not ${describe(node)}`)
    return null
  }

  text(entry: Entry, what: string): string | null {
    const { value } = entry
    if (isScalar(value) && typeof value.value === 'string' && value.value !== '') return value.value
    this.problem(value ?? entry.key, `${what} must be a text, not ${describe(value)}`)
    return null
  }

  choice<Choice extends string>(entry: Entry, what: string, choices: readonly Choice[]): Choice | null {
    const found = isScalar(entry.value) ? choices.find((choice) => choice === scalarOf(entry.value)) : undefined
    if (found !== undefined) return found
    this.problem(entry.value ?? entry.key, `${what} must be ${choices.join(' or ')}, not ${describe(entry.value)}`)
    return null
  }

  /** Milliseconds, above 0 and at most a day. */
  milliseconds(entry: Entry, what: string): number | null {
    const value = isScalar(entry.value) ? scalarOf(entry.value) : undefined
    if (typeof value === 'number' && value > 0 && value <= 86_400_000) return value
    const message = `${what} must be a number of milliseconds from 1 to 86400000, not ${describe(entry.value)}`
    this.problem(entry.value ?? entry.key, message)
    return null
  }

  boolean(entry: Entry, what: string): boolean | null {
    const value = isScalar(entry.value) ? scalarOf(entry.value) : undefined
    if (typeof value === 'boolean') return value
    this.problem(entry.value ?? entry.key, `${what} must be true or false, not ${describe(entry.value)}`)
    return null
  }

  /** Counts one more value that was read. False, and a problem the first time, once there are more than `most`. */
  countValue(most: number): boolean {
    this.#values += 1
    if (this.#values === most + 1) {
      const hint = 'Do aliases repeat what holds aliases? Give large data in the payload, or in a file.'
      this.problem(null, `the workflow holds more than ${most.toLocaleString('en')} values`, hint)
    }
    return this.#values <= most
  }

  /** What an alias stands for; anything else as it is. */
  resolved(node: Node | null): Node | null {
    return isAlias(node) ? (node.resolve(this.#document) ?? null) : node
  }

  *#pairs(map: YAMLMap, what: string): Generator<Entry> {
    for (const pair of map.items) {
      const key = pair.key as Node | null
      const name = isScalar(key) ? scalarOf(key) : undefined
      if (typeof name === 'string' && name !== '') {
        yield { name, key, value: this.resolved((pair.value ?? null) as Node | null) }
      } else this.problem(key ?? map, `a name in ${what} must be a text, not ${describe(key)}`)
    }
  }

  #at(offset: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
}

/** What a person would call a node in a sentence. */
export function describe(node: Node | null): string {
  if (node === null) return 'nothing'
  if (isSeq(node)) return 'a list'
  if (isMap(node)) return 'a mapping'
  if (isAlias(node)) return `*${node.source}`
  const value = isScalar(node) ? scalarOf(node) : undefined
  if (value === null || value === undefined) return 'nothing'
  return typeof value === 'string' ? `the text "${value}"` : String(value)
}

function scalarOf(node: Node | null): unknown {
  return (node as Scalar | null)?.value
}

/** The parser's messages begin with a capital and may go on about the source. */
function sentence({ code, message }: YAMLParseError): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here; a workflow is one document'
  const [first = message] = message.split('\n')
  return first.charAt(0).toLowerCase() + first.slice(1).replace(/[.:]$/, '')
}
