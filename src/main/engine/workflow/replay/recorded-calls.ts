import { decodeValue } from '../../../../shared/contract/values.ts'
import { type ErrorData, toErrorData } from '../../../../shared/errors.ts'
import type { EvidenceLine } from '../evidence/evidence-reader.ts'
import type { EvidenceRecord, NodeName, StepRecord } from '../evidence/evidence-record.ts'
import { nodesByVisit } from '../evidence/place.ts'
import type { CallAnswer } from '../graph/graph-record.ts'
import { toPlain } from '../graph/plain-json.ts'
import type { GraphCall } from '../graph/walk-graph.ts'
import { compareRecords } from './compare-records.ts'
import type { ReplayDifference } from './recorded-world.ts'

/**
 * The operations of a recorded run of a graph: every call is answered with what was answered then, in the order of then.
 * It takes the records of the new walk as a writer does. Nodes run side by side, so a record is found by what it is about
 * and not by its line; the difference that counts is the one of the first line.
 */
export class RecordedCalls {
  readonly #lines: readonly EvidenceLine[]
  readonly #byPlace = new Map<string, EvidenceLine>()
  readonly #nodes: ReadonlyMap<number, NodeName>
  readonly #missing: Set<EvidenceLine>
  readonly #waiting = new Map<string, (answer: CallAnswer) => void>()
  readonly #newNodes = new Map<number, NodeName>()
  /** Nodes that the run entered, and calls that it made, and the new walk has not yet. */
  #toEnter = 0
  #toCall: number
  #closed = false
  #first: ReplayDifference | null = null

  constructor(lines: readonly EvidenceLine[]) {
    this.#lines = lines
    this.#nodes = nodesByVisit(lines.map(({ record }) => record))
    this.#missing = new Set(lines)
    for (const line of lines) {
      const place = placeIn(line.record, this.#nodes)
      if (this.#byPlace.has(place)) this.#differ(line, 'visit', 'it is recorded twice')
      else this.#byPlace.set(place, line)
      if (line.record.kind !== 'enter') continue
      if (line.record.visit !== this.#toEnter) this.#differ(line, 'visit', 'visits are not counted on')
      this.#toEnter += 1
    }
    this.#toCall = this.steps.length
  }

  /** The steps in the order in which their calls were answered. */
  get steps(): readonly StepRecord[] {
    return this.#lines.map(({ record }) => record).filter((record) => record.kind === 'step')
  }

  /** True once everything that the run began was begun again. */
  get allBegun(): boolean {
    return this.#toEnter === 0 && this.#toCall === 0
  }

  /** How many calls of a node were answered. */
  itemsOf(node: string): number {
    return this.steps.filter(({ visit }) => this.#nodes.get(visit)?.id === node).length
  }

  /** Waits for `answer`, or for `close`. */
  call({ node, item }: GraphCall): Promise<CallAnswer> {
    const { promise, resolve } = Promise.withResolvers<CallAnswer>()
    const place = stepPlace(node, item)
    if (this.#byPlace.has(place)) this.#toCall -= 1
    if (this.#closed) resolve(unanswered)
    else this.#waiting.set(place, resolve)
    return promise
  }

  /** Ends every call that has no recorded answer. */
  close(): void {
    this.#closed = true
    for (const resolve of this.#waiting.values()) resolve(unanswered)
    this.#waiting.clear()
  }

  /** Gives a call its recorded answer. */
  answer(step: StepRecord): void {
    const place = placeIn(step, this.#nodes)
    this.#waiting.get(place)?.(answerOf(step))
    this.#waiting.delete(place)
  }

  write(record: EvidenceRecord): void {
    if (record.kind === 'enter') this.#newNodes.set(record.visit, record.node)
    const line = this.#byPlace.get(placeIn(record, this.#newNodes))
    const last = this.#lines.at(-1)
    if (line === undefined) {
      // Of a run that broke off nobody knows what came behind.
      if (last?.record.kind === 'end')
        this.#differ(last, 'kind', `${record.kind} of a node or call that was not there then`)
      return
    }
    this.#missing.delete(line)
    if (record.kind === 'enter') this.#toEnter -= 1
    const found = compareRecords(line.record, record, ['visit', 'after'])
    if (found !== null) this.#note({ ...found, line: line.index, record: line.record, reason: reasons[record.kind] })
  }

  /** The difference of the first line; null when everything came about again as it was. */
  difference(): ReplayDifference | null {
    const [missing] = this.#missing
    if (missing !== undefined) this.#differ(missing, 'kind', 'this does not come about again')
    return this.#first
  }

  #differ(line: EvidenceLine, field: string, reason: string): void {
    this.#note({ field, left: null, right: null, line: line.index, record: line.record, reason })
  }

  #note(difference: ReplayDifference): void {
    if (this.#first === null || difference.line < this.#first.line) this.#first = difference
  }
}

const unanswered: CallAnswer = {
  value: null,
  error: { kind: 'killed', message: 'there is no recorded answer' },
  ran: null,
}

const reasons: Readonly<Record<EvidenceRecord['kind'], string>> = {
  run: 'the run begins otherwise',
  enter: 'the node is given something else',
  step: 'the recorded answer does not fit what was made of it',
  leave: 'the node ends otherwise',
  end: 'the run ends otherwise',
}

/** A node of a graph runs once, so that node and item name a call. */
function placeIn(record: EvidenceRecord, nodes: ReadonlyMap<number, NodeName>): string {
  if (record.kind === 'run' || record.kind === 'end') return record.kind
  if (record.kind === 'enter') return `enter ${record.node.id}`
  const node = nodes.get(record.visit)?.id ?? `visit ${record.visit}`
  return record.kind === 'leave' ? `leave ${node}` : stepPlace(node, record.step)
}

function stepPlace(node: string, item: number): string {
  return `step ${item} ${node}`
}

function answerOf({ outcome, answer }: StepRecord): CallAnswer {
  const value = decodeValue(toPlain(answer))
  if (outcome === 'SUCCESS') return { value, error: null, ran: null }
  return { value: null, error: isErrorData(value) ? value : toErrorData(value), ran: null }
}

function isErrorData(value: unknown): value is ErrorData {
  return typeof value === 'object' && value !== null && 'kind' in value && 'message' in value
}
