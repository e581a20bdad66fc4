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

/** Reads evidence: `run`, then `enter`, `step` and `leave` of visits, and `end`. */
export class EvidenceEvents implements EventReader {
  readonly #columns: RunColumns
  readonly #facts: RunFacts
  readonly #clock = new RunClock()
  /** When the last thing of a visit happened, for steps that do not say when they began. */
  readonly #last = new Map<number, number>()

  constructor(columns: RunColumns, facts: RunFacts) {
    this.#columns = columns
    this.#facts = facts
  }

  take(event: TraceEvent, line: number): void {
    const at = this.#clock.microseconds(event.at)
    switch (textOf(event, 'kind')) {
      case 'run':
        return this.#run(event)
      case 'enter':
        return this.#enter(event, at, line)
      case 'step':
        return this.#step(event, at, line)
      case 'leave':
        return this.#leave(event, at, line)
      case 'end':
        return this.#end(event)
    }
  }

  #run(event: TraceEvent): void {
    const facts = this.#facts
    facts.workflow = textOf(event, 'workflow')
    facts.hash = textOf(objectOf(event, 'source'), 'hash')
    facts.wall = numberOf(event, 'wall') / 1000
    facts.payload = event.payload
  }

  #enter(event: TraceEvent, at: number, line: number): void {
    const node = objectOf(event, 'node')
    const kind = textOf(node, 'type') === 'boundary' ? 'boundary' : 'contract'
    const after = Array.isArray(event.after) ? Number(event.after.at(-1) ?? -1) : -1
    const visit = this.#columns.enter(
      this.#columns.node(textOf(node, 'id'), textOf(node, 'name'), kind),
      at,
      after,
      line,
    )
    this.#last.set(visit, at)
  }

  #step(event: TraceEvent, at: number, line: number): void {
    const visit = numberOf(event, 'visit')
    const ran = typeof event.ran === 'object' && event.ran !== null ? (event.ran as TraceEvent) : null
    const start = ran?.started == null ? (this.#last.get(visit) ?? at) : this.#clock.microseconds(ran.started)
    const end = ran?.ended == null ? at : this.#clock.microseconds(ran.ended)
    const name = textOf(event, 'id') || textOf(event, 'name')
    const core = typeof ran?.core === 'number' ? ran.core : -1
    const worker = typeof ran?.worker === 'number' ? ran.worker : -1
    this.#columns.step({ visit, name, status: textOf(event, 'outcome'), start, end, core, worker, line })
    this.#last.set(visit, end)
  }

  #leave(event: TraceEvent, at: number, line: number): void {
    const columns = this.#columns
    const visit = numberOf(event, 'visit')
    const status = textOf(event, 'status')
    columns.leave(visit, at, status, line)
    this.#last.delete(visit)
    const from = columns.visitNode.at(visit)
    const outcome = status === 'SUCCESS' || status === 'FAILURE' ? status.toLowerCase() : status
    for (const id of Array.isArray(event.to) ? event.to : []) {
      columns.take(from, columns.node(String(id), String(id), 'contract'), outcome)
    }
  }

  #end(event: TraceEvent): void {
    const facts = this.#facts
    facts.status = typeof event.status === 'string' ? event.status : null
    facts.error = typeof event.error === 'string' ? event.error : null
    facts.result = event.output
    facts.ended = true
  }
}
