import { type ErrorData, GuardhouseError } from '../../../../shared/errors.ts'
import type { GraphNode, SealedGraph } from '../../../../shared/model/workflow-graph.ts'
import { isMark } from '../secrets/redactor.ts'
import { GraphJoins } from './graph-joins.ts'
import { type GraphScope, parsePath, resolvePath, resolveTemplate, walkKeys } from './graph-path.ts'
import { type CallAnswer, GraphRecord, type GraphRecordPorts, type GraphRunNames } from './graph-record.ts'
import { completePayload } from './payload.ts'

/** One call of an operation that a node asks for. */
export interface GraphCall {
  /** Id of the node that asks. */
  readonly node: string
  /** Position of the item for a node that is called for each; else 0. */
  readonly item: number
  readonly operation: string
  readonly arguments: unknown[]
  /** Milliseconds; null: as the operation's tags say. */
  readonly timeout: number | null
  /** Aborts when the run does. */
  readonly signal: AbortSignal
}

export interface GraphPorts extends GraphRecordPorts {
  /** Runs one operation and waits for it. Never rejects: a failure is an answer. */
  call(call: GraphCall): Promise<CallAnswer>
  /** How many items a list had that was left out as a secret; only a replay meets one. */
  itemsOf?(node: string): number
}

export interface GraphRunSettings extends GraphRunNames {
  readonly signal?: AbortSignal
  /** Hears how many nodes were left, each time one is. */
  readonly onProgress?: (left: number, newest: string) => void
}

export interface GraphOutcome {
  readonly status: string
  readonly result: unknown
}

/** Calls of one node for its items that are under way at once. */
const callsAtOnce = 256

/**
 * Walks a sealed graph: runs every node whose edges are decided, side by side where they do not depend on each other, and takes
 * the edges that its outcome names. What runs, on what, and which edges are taken depends on the payload and the answers alone.
 *
 * Rejects with `bad-request` for a payload that is not as declared, with `operation-failed` when an operation fails and no edge
 * `failure` leads on, and with the reason of `signal`. The evidence then ends with it.
 */
export async function walkGraph(
  graph: SealedGraph,
  payload: unknown,
  ports: GraphPorts,
  settings: GraphRunSettings,
): Promise<GraphOutcome> {
  const complete = completePayload(graph, payload)
  const record = new GraphRecord(graph, settings, ports)
  record.begin(complete)
  const walk = new GraphWalk(graph, complete, ports, settings, record)
  try {
    const outcome = await walk.run()
    record.end(outcome.status, outcome.result)
    return outcome
  } catch (error) {
    record.stopped(error)
    throw record.shown.error(error)
  }
}

class GraphWalk {
  readonly #graph: SealedGraph
  readonly #ports: GraphPorts
  readonly #settings: GraphRunSettings
  readonly #record: GraphRecord
  readonly #joins: GraphJoins
  readonly #results = new Map<string, unknown>()
  readonly #errors = new Map<string, ErrorData>()
  readonly #scope: GraphScope
  readonly #shownResults = new Map<string, unknown>()
  readonly #shownErrors = new Map<string, unknown>()
  /** The same as others may see it. */
  readonly #shownScope: GraphScope
  /** By position: the visits whose edges led to the node. */
  readonly #after = new Map<number, number[]>()
  readonly #ends: { readonly id: string; readonly status: string }[] = []
  readonly #stop = new AbortController()
  readonly #idle = Promise.withResolvers<void>()
  #running = 0
  #left = 0

  constructor(
    graph: SealedGraph,
    payload: Readonly<Record<string, unknown>>,
    ports: GraphPorts,
    settings: GraphRunSettings,
    record: GraphRecord,
  ) {
    this.#graph = graph
    this.#ports = ports
    this.#settings = settings
    this.#record = record
    this.#joins = new GraphJoins(graph)
    this.#scope = { payload, results: this.#results, errors: this.#errors }
    const { shown } = record
    this.#shownScope = shown.hides
      ? { payload: shown.plain(payload), results: this.#shownResults, errors: this.#shownErrors }
      : this.#scope
  }

  async run(): Promise<GraphOutcome> {
    const { signal } = this.#settings
    const abort = () => this.#stop.abort(signal?.reason)
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    try {
      for (const start of this.#graph.starts) this.#enter(start)
      if (this.#running > 0) await this.#idle.promise
      this.#stop.signal.throwIfAborted()
      return { status: this.#status(), result: this.#record.shown.plain(this.#result()) }
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  #enter(position: number): void {
    if (this.#stop.signal.aborted) return
    const node = this.#node(position)
    this.#running += 1
    void this.#visitAndCount(position, node)
  }

  /** A node begins those behind it before it is counted off, so that the count is 0 only at the end. */
  async #visitAndCount(position: number, node: GraphNode): Promise<void> {
    try {
      await this.#visit(position, node)
    } catch (error) {
      this.#stop.abort(error)
    }
    this.#running -= 1
    if (this.#running === 0) this.#idle.resolve()
  }

  async #visit(position: number, node: GraphNode): Promise<void> {
    const calls = this.#callsOf(node)
    const inputs = calls.map((call) => call.shown)
    const shown = node.each === null ? (inputs[0] ?? []) : [inputs.map(([first]) => first)]
    const visit = this.#record.enter(position, node, shown, this.#after.get(position) ?? [])
    const { output, error } = await this.#callAll(position, node, visit, calls)
    this.#keep(node.id, output, error)
    this.#leave(position, node, visit, output, error)
  }

  #keep(node: string, output: unknown, error: ErrorData | null): void {
    if (error === null) this.#results.set(node, output)
    else this.#errors.set(node, error)
    const { shown } = this.#record
    if (!shown.hides) return
    if (error === null) this.#shownResults.set(node, shown.plain(output))
    else this.#shownErrors.set(node, shown.plain(error))
  }

  /** The arguments of every call that the node makes. */
  #callsOf(node: GraphNode): PlannedCall[] {
    const argumentsFor = (scope: GraphScope) => node.inputs.map((input) => resolveTemplate(input, scope))
    const callIn = (scope: GraphScope, shownScope: GraphScope): PlannedCall => {
      const inputs = argumentsFor(scope)
      return { inputs, shown: scope === shownScope ? inputs : argumentsFor(shownScope) }
    }
    if (node.each === null) return [callIn(this.#scope, this.#shownScope)]
    const items = itemsAt(node.each, this.#scope, this.#ports.itemsOf?.(node.id) ?? 0)
    const shown = itemsAt(node.each, this.#shownScope, items?.length ?? 0)
    if (items !== null) {
      return items.map((item, at) => {
        const scope = { ...this.#scope, item }
        return callIn(scope, this.#record.shown.hides ? { ...this.#shownScope, item: shown?.[at] } : scope)
      })
    }
    throw new GuardhouseError('operation-failed', `node ${node.id} needs a list at ${node.each}, and there is none`, {
      hint: 'Look at what the node before it gave.',
    })
  }

  async #callAll(
    position: number,
    node: GraphNode,
    visit: number,
    calls: readonly PlannedCall[],
  ): Promise<{ output: unknown; error: ErrorData | null }> {
    const values: unknown[] = new Array(calls.length)
    let failed: ErrorData | null = null
    let next = 0
    const work = async () => {
      while (next < calls.length && failed === null) {
        this.#stop.signal.throwIfAborted()
        const item = next++
        const { inputs, shown } = calls[item] ?? noArguments
        const answer = await this.#ports.call({
          node: node.id,
          item,
          operation: node.operation,
          arguments: inputs,
          timeout: node.timeout,
          signal: this.#stop.signal,
        })
        this.#record.step(position, node, visit, item, shown, answer)
        values[item] = answer.value
        failed ??= answer.error
      }
    }
    await Promise.all(Array.from({ length: Math.min(callsAtOnce, calls.length) }, work))
    if (failed !== null) return { output: null, error: failed }
    return { output: node.each === null ? (values[0] ?? null) : values, error: null }
  }

  #leave(position: number, node: GraphNode, visit: number, output: unknown, error: ErrorData | null): void {
    const outcome = error === null ? outcomeOf(node, output) : 'failure'
    const status = statusOf(outcome)
    const { entered, taken } = this.#joins.leave(position, outcome)
    const targets = taken.flatMap((edge) => this.#graph.edges[edge]?.to ?? [])
    for (const target of targets) this.#after.set(target, [...(this.#after.get(target) ?? []), visit])
    this.#record.leave(
      position,
      node,
      visit,
      status,
      output,
      targets.map((target) => this.#node(target).id),
    )
    this.#left += 1
    this.#settings.onProgress?.(this.#left, node.id)
    if (error !== null && !this.#joins.hasEdge(position, 'failure')) throw unhandled(node, error)
    if (targets.length === 0) this.#ends.push({ id: node.id, status })
    for (const target of entered) this.#enter(target)
  }

  /** The status in which all ends agree; SUCCESS where they differ. */
  #status(): string {
    const statuses = new Set(this.#ends.map(({ status }) => status))
    const [only] = statuses
    return statuses.size === 1 && only !== undefined ? only : 'SUCCESS'
  }

  #result(): unknown {
    if (this.#graph.result !== null) return resolveTemplate(this.#graph.result, this.#scope)
    const ids = this.#graph.nodes.map(({ id }) => id).filter((id) => this.#ends.some((end) => end.id === id))
    return Object.fromEntries(ids.map((id) => [id, this.#results.get(id) ?? null]))
  }

  #node(position: number): GraphNode {
    const node = this.#graph.nodes[position]
    if (node === undefined) throw new GuardhouseError('internal', `${this.#graph.name} has no node ${position}`)
    return node
  }
}

interface PlannedCall {
  readonly inputs: unknown[]
  /** The same as others may see them. */
  readonly shown: readonly unknown[]
}

const noArguments: PlannedCall = { inputs: [], shown: [] }

/** The list at a path, of which `count` items are taken where it was left out as a secret; null: there is none. */
function itemsAt(each: string, scope: GraphScope, count: number): readonly unknown[] | null {
  const path = parsePath(each)
  const items = path === null || typeof path === 'string' ? null : resolvePath(path, scope)
  if (isMark(items)) return Array.from({ length: count }, () => items)
  return Array.isArray(items) ? items : null
}

/** The text under the path that the node names; success for anything else. */
function outcomeOf({ outcome }: GraphNode, output: unknown): string {
  if (outcome === null) return 'success'
  const [, , ...keys] = outcome.split('.')
  const found = walkKeys(output, keys)
  return typeof found === 'string' && found !== '' ? found : 'success'
}

/** The two outcomes that every node has are written as statuses are; others as the operation writes them. */
function statusOf(outcome: string): string {
  return outcome === 'success' || outcome === 'failure' ? outcome.toUpperCase() : outcome
}

function unhandled({ id, operation }: GraphNode, error: ErrorData): GuardhouseError {
  const kind = error.kind === 'killed' || error.kind === 'timeout' ? error.kind : 'operation-failed'
  return new GuardhouseError(kind, `node ${id} (${operation}) failed: ${error.message}`, {
    hint: error.hint ?? 'Lead an edge `failure` away from the node to go on.',
  })
}
