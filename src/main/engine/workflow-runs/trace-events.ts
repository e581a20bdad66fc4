import {
  type EventReader,
  numberOf,
  objectOf,
  RunClock,
  type RunFacts,
  type TraceEvent,
  textOf,
} from './event-reader.ts'
import type { RunColumns } from './run-columns.ts'

/**
 * Reads compatible traces (`trace_schema_version` v0). They do not tell which edges were taken: the order of the contracts
 * does. Each step began when the event before it was written.
 */
export class CompatibleEvents implements EventReader {
  readonly #columns: RunColumns
  readonly #facts: RunFacts
  readonly #clock = new RunClock()
  #visit = -1
  #last = 0

  constructor(columns: RunColumns, facts: RunFacts) {
    this.#columns = columns
    this.#facts = facts
  }

  take(event: TraceEvent, line: number): void {
    const at = this.#clock.microseconds(numberOf(event, 'ts_ns'))
    const detail = objectOf(event, 'detail')
    switch (textOf(event, 'event_type')) {
      case 'WF_START':
        this.#facts.workflow = textOf(detail, 'wf_fqdn')
        break
      case 'CC_START':
        this.#enter(textOf(detail, 'cc_fqdn'), at, line)
        break
      case 'CC_STEP':
        this.#step(textOf(detail, 'step_fqdn'), at, line)
        break
      case 'CC_COMPLETE':
        this.#columns.leave(this.#visit, at, textOf(event, 'result_status'), line)
        break
      case 'WF_COMPLETE':
        this.#facts.status = textOf(event, 'result_status')
        this.#facts.ended = true
        break
      case 'ERROR':
        this.#facts.error = textOf(detail, 'message')
        this.#facts.ended = true
        break
    }
    this.#last = at
  }

  #enter(name: string, at: number, line: number): void {
    const columns = this.#columns
    const before = this.#visit
    const node = columns.node(name, name, 'contract')
    if (before >= 0) {
      const status = columns.statuses.text(columns.visitStatus.at(before))
      columns.take(columns.visitNode.at(before), node, status)
    }
    this.#visit = columns.enter(node, at, before, line)
  }

  #step(name: string, at: number, line: number): void {
    if (this.#visit < 0) return
    const step = { visit: this.#visit, name, status: 'done', start: this.#last, end: at }
    this.#columns.step({ ...step, core: -1, worker: -1, line })
  }
}

/** Reads traces of the older engine (`TRACE_SCHEMA_V0`): nodes with their status and duration in milliseconds. */
export class OldEvents implements EventReader {
  readonly #columns: RunColumns
  readonly #facts: RunFacts
  #visit = -1
  #first: number | null = null

  constructor(columns: RunColumns, facts: RunFacts) {
    this.#columns = columns
    this.#facts = facts
  }

  take(event: TraceEvent, line: number): void {
    const at = this.#at(event.timestamp)
    const payload = { ...event, ...(typeof event.payload === 'object' ? event.payload : {}) } as TraceEvent
    switch (textOf(event, 'event_type')) {
      case 'execution_start':
        this.#facts.workflow = textOf(payload, 'workflow_code')
        break
      case 'node_start':
        this.#enter(payload, at, line)
        break
      case 'node_end':
        if (this.#visit >= 0) this.#columns.leave(this.#visit, at, textOf(payload, 'status'), line)
        break
      case 'transform_end':
        this.#step(textOf(payload, 'ct_code'), numberOf(payload, 'duration_ms') * 1000, at, line)
        break
      case 'workflow_complete':
        this.#facts.status = textOf(payload, 'status')
        this.#facts.ended = true
        break
    }
  }

  #enter(payload: TraceEvent, at: number, line: number): void {
    const columns = this.#columns
    const before = this.#visit
    const kind = textOf(payload, 'node_type').includes('contract') ? 'contract' : 'boundary'
    const node = columns.node(textOf(payload, 'node_id'), textOf(payload, 'node_id'), kind)
    if (before >= 0) {
      columns.take(columns.visitNode.at(before), node, columns.statuses.text(columns.visitStatus.at(before)))
    }
    this.#visit = columns.enter(node, at, before, line)
  }

  #step(name: string, duration: number, at: number, line: number): void {
    if (this.#visit < 0) return
    const step = { visit: this.#visit, name, status: 'done', start: Math.max(0, at - duration), end: at }
    this.#columns.step({ ...step, core: -1, worker: -1, line })
  }

  #at(timestamp: unknown): number {
    const time = typeof timestamp === 'string' ? Date.parse(timestamp) : Number(timestamp)
    if (!Number.isFinite(time)) return 0
    if (this.#first === null) {
      this.#first = time
      if (typeof timestamp === 'string') this.#facts.wall = time
    }
    return Math.max(0, (time - this.#first) * 1000)
  }
}
