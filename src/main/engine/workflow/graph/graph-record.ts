import { type ErrorData, toErrorData } from '../../../../shared/errors.ts'
import type { GraphNode, SealedGraph } from '../../../../shared/model/workflow-graph.ts'
import { canonicalHash } from '../../json/canonical-hash.ts'
import { printText } from '../../json/print.ts'
import { emptyObject, integer, isObject, type JsonObject, type JsonValue } from '../../json/value.ts'
import type { TraceTime, Whereabouts } from '../evidence/evidence-record.ts'
import type { EvidenceWriter } from '../evidence/evidence-writer.ts'
import type { Clock } from '../ports.ts'
import { printStep, RunTrace, type TraceSink } from '../trace/run-trace.ts'
import { secretsOfGraph } from './graph-secrets.ts'
import { ShownValues } from './shown-values.ts'

/** How one call of an operation went. */
export interface CallAnswer {
  readonly value: unknown
  /** Null: it went well. */
  readonly error: ErrorData | null
  /** Null where it ran on no scheduler. */
  readonly ran: Whereabouts | null
}

export interface GraphRunNames {
  readonly traceId: string
  /** Seal of the graph. */
  readonly hash: string
  /** The workspace's files that the run depends on: hashes by path. */
  readonly files: Readonly<Record<string, string>>
  /** The lead token; null outside of a scheduler. */
  readonly token: string | null
}

export interface GraphRecordPorts {
  readonly clock: Clock
  readonly evidence: Pick<EvidenceWriter, 'write'>
  readonly trace: TraceSink
}

/** Own graphs have no domains; traces name one all the same. */
export const graphDomain = 'workspace'

/**
 * Writes down what a run of a graph does: its evidence, and the compatible trace with positions as addresses. Inputs come as
 * they may be shown, answers as they are.
 */
export class GraphRecord {
  readonly shown: ShownValues
  readonly #ports: GraphRecordPorts
  readonly #graph: SealedGraph
  readonly #names: GraphRunNames
  readonly #trace: RunTrace
  #visits = 0
  #steps = 0

  constructor(graph: SealedGraph, names: GraphRunNames, ports: GraphRecordPorts) {
    this.#graph = graph
    this.#names = names
    this.#ports = ports
    this.shown = new ShownValues(secretsOfGraph(graph))
    const subject = { traceId: names.traceId, domain: graphDomain, workflow: { address: 0, name: graph.name } }
    this.#trace = new RunTrace(subject, ports.trace, ports.clock, null)
  }

  begin(payload: Readonly<Record<string, unknown>>): void {
    const { hash, files, traceId, token } = this.#names
    const json = asObject(this.shown.json(payload))
    this.#trace.workflowStart(json)
    this.#ports.evidence.write({
      kind: 'run',
      version: 1,
      traceId,
      workflow: this.#graph.name,
      domain: graphDomain,
      source: { type: 'graph', hash, files, dialect: null, capabilities: null },
      payload: json,
      payloadHash: canonicalHash(json),
      turnedAway: null,
      settings: { hopLimit: null, timeLimitMilliseconds: this.#graph.timeout, enforced: false },
      parent: null,
      token,
      wall: this.#ports.clock.wallMicroseconds(),
      at: this.#now(),
    })
  }

  /** Gives the visit its number. */
  enter(position: number, node: GraphNode, inputs: readonly unknown[], after: readonly number[]): number {
    const visit = this.#visits++
    const json = this.#argumentsObject(inputs)
    this.#trace.contractStart(traced(position, node), json)
    this.#ports.evidence.write({
      kind: 'enter',
      visit,
      node: { type: 'contract', id: node.id, name: node.operation, address: position },
      after,
      inputs: json,
      at: this.#now(),
    })
    return visit
  }

  /** One call; `item` is its position for a node that is called for each item. */
  step(
    position: number,
    node: GraphNode,
    visit: number,
    item: number,
    inputs: readonly unknown[],
    { value, error, ran }: CallAnswer,
  ): void {
    const json = this.#argumentsObject(inputs)
    const answer = this.shown.json(error === null ? value : error)
    const output = error === null ? new Map([['value', answer]]) : emptyObject
    this.#steps += 1
    this.#trace.step(printStep(position, { address: position, operation: null, name: node.operation }, output))
    this.#ports.evidence.write({
      kind: 'step',
      visit,
      step: item,
      id: node.each === null ? node.id : `${node.id}[${item}]`,
      name: node.operation,
      operation: node.operation,
      inputs: json,
      outcome: error === null ? 'SUCCESS' : 'FAILURE',
      answer,
      output,
      failure: error === null ? null : this.shown.text(error.message),
      clock: [],
      entropy: [],
      runs: [],
      at: this.#now(),
      ran,
    })
  }

  leave(
    position: number,
    node: GraphNode,
    visit: number,
    status: string,
    output: unknown,
    to: readonly string[],
  ): void {
    const json = new Map([['value', this.shown.json(output)]])
    this.#trace.contractComplete(traced(position, node), status, json)
    this.#ports.evidence.write({ kind: 'leave', visit, status, output: json, to, at: this.#now() })
  }

  end(status: string, result: unknown): void {
    this.#trace.workflowComplete(status)
    this.#finish({ status, output: new Map([['value', this.shown.json(result)]]), error: null, ending: 'declared' })
  }

  /** The run was stopped by a person, a limit or an error nobody had an edge for. */
  stopped(error: unknown): void {
    const message = this.shown.text(toErrorData(error).message)
    this.#trace.error(message)
    this.#finish({ status: null, output: emptyObject, error: message, ending: 'stopped' })
  }

  #finish(how: {
    status: string | null
    output: JsonObject
    error: string | null
    ending: 'declared' | 'stopped'
  }): void {
    this.#ports.evidence.write({
      kind: 'end',
      ...how,
      visits: this.#visits,
      steps: this.#steps,
      wall: this.#ports.clock.wallMicroseconds(),
      at: this.#now(),
      trace: null,
    })
  }

  /** Arguments under their positions, counted from 1. */
  #argumentsObject(values: readonly unknown[]): JsonObject {
    return new Map(values.map((value, index) => [String(index + 1), this.shown.json(value)]))
  }

  #now(): TraceTime {
    return integer(this.#ports.clock.traceNanoseconds())
  }
}

function asObject(value: JsonValue): JsonObject {
  return isObject(value) ? value : emptyObject
}

function traced(position: number, { id }: GraphNode): { address: number; printedName: string } {
  return { address: position, printedName: printText(id) }
}
