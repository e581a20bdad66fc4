import { describeBare } from '../../json/describe.ts'
import { emptyObject, isObject } from '../../json/value.ts'
import type { EvidenceLine } from '../evidence/evidence-reader.ts'
import type { EvidenceRecord, StepRecord } from '../evidence/evidence-record.ts'
import type { Clock, Entropy } from '../ports.ts'
import type { StepOutcome, StepRunner } from '../run/contract-run.ts'
import { RunStopped } from '../run/run-stopped.ts'
import type { Gate } from '../run/walk.ts'
import { holdsRedaction } from '../secrets/redactor.ts'
import { compareRecords, type FieldDifference } from './compare-records.ts'

/** The first place at which a run does not go as it did. */
export interface ReplayDifference extends FieldDifference {
  /** Line of the evidence, counted from 0. */
  readonly line: number
  /** What is recorded there; null behind the last record. */
  readonly record: EvidenceRecord | null
  readonly reason: string
}

/**
 * The world as a recorded run met it: clock, entropy, gate and side effects answer what they answered then. It takes the
 * records of the new walk as a writer does, and stops the walk at the first that is not as it was.
 */
export class RecordedWorld {
  readonly #lines: Iterator<EvidenceLine>
  #next: EvidenceLine | null
  #clockRead = 0
  #entropyRead = 0
  /** True while a step was answered from its record instead of being run. */
  #answered = false
  /** True once a record was met that a secret was left out of: the trace of the run cannot be made again. */
  #marked = false
  readonly #brokenOff: boolean
  /** The first difference; what the walk does behind it means nothing. */
  difference: ReplayDifference | null = null
  /** How many steps could not be run again, because a secret of theirs is not recorded. */
  withheld = 0

  /** `brokenOff`: the lines end before the run did, and the walk is to end with them. */
  constructor(lines: Iterable<EvidenceLine>, brokenOff: boolean) {
    this.#lines = lines[Symbol.iterator]()
    this.#brokenOff = brokenOff
    this.#next = this.#read()
  }

  /** The record that has to come next; null behind the last one. */
  get expected(): EvidenceRecord | null {
    return this.#next?.record ?? null
  }

  readonly clock: Clock = {
    wallMicroseconds: () => this.#wall(),
    traceNanoseconds: () => BigInt(this.expected?.at ?? 0),
    elapsedMilliseconds: () => 0,
  }

  readonly entropy: Entropy = { bytes: (count) => this.#bytes(count) }

  readonly gate: Gate = {
    admit: () => (this.expected?.kind === 'run' ? this.expected.turnedAway : null),
    boundary: () => (this.expected?.kind === 'leave' ? this.expected.status : 'ACK'),
  }

  /** True once the walk has come to where the evidence of a run breaks off. */
  get atBreak(): boolean {
    return this.#brokenOff && this.#next === null
  }

  /** Stops the run where a person or a limit stopped it, or its evidence breaks off. */
  readonly interrupt = (): void => {
    const expected = this.expected
    if (this.atBreak) throw new RunStopped('killed', 'the evidence breaks off here')
    if (expected?.kind === 'end' && expected.ending === 'stopped') throw new RunStopped('killed', expected.error ?? '')
  }

  readonly stepRunner: StepRunner = (call, here) => {
    const recorded = this.expected
    if (recorded?.kind !== 'step') {
      if (call.step.operation === null) return here()
      // What is not recorded is never asked of the world.
      const more = { field: 'kind', left: recorded?.kind ?? null, right: 'step' }
      throw this.#differs({ ...more, reason: 'a step runs that did not run then' })
    }
    const withheld = isWithheld(recorded)
    if (call.step.operation === null && !withheld) return here()
    if (withheld) this.withheld += 1
    this.#answered = true
    return answerOf(recorded)
  }

  /** Takes the next record of the new walk. Throws, to end the walk, when it is not the recorded one. */
  write(record: EvidenceRecord): void {
    if (this.difference !== null || this.atBreak) return
    const line = this.#next
    if (line === null) {
      const more = { field: 'kind', left: null, right: record.kind }
      throw this.#differs({ ...more, reason: 'the run goes on where the evidence ends' })
    }
    this.#marked ||= isMarked(line.record)
    const skipped = this.#answered ? ['clock', 'entropy'] : this.#marked ? ['trace'] : []
    const found = compareRecords(line.record, record, skipped)
    if (found !== null) throw this.#differs({ ...found, reason: reasonFor(line.record, found, this.#answered) })
    this.#answered = false
    this.#clockRead = 0
    this.#entropyRead = 0
    this.#next = this.#read()
  }

  /** What is recorded of the run behind its end; null when it ended where it did. */
  leftOver(): ReplayDifference | null {
    const { expected } = this
    if (expected === null) return null
    const more = { field: 'kind', left: expected.kind, right: null }
    this.#differs({ ...more, reason: 'the run ends where the evidence goes on' })
    return this.difference
  }

  #read(): EvidenceLine | null {
    const { done, value } = this.#lines.next()
    return done === true ? null : value
  }

  #wall(): number {
    const expected = this.expected
    if (expected?.kind !== 'step') return expected !== null && 'wall' in expected ? expected.wall : 0
    const reading = expected.clock[this.#clockRead]
    this.#clockRead += 1
    if (reading !== undefined) return reading
    throw this.#differs({ ...nothingRead, reason: 'the step asks the clock more often than it did' })
  }

  #bytes(count: number): Uint8Array {
    const expected = this.expected
    const digits = expected?.kind === 'step' ? expected.entropy[this.#entropyRead] : undefined
    this.#entropyRead += 1
    if (digits !== undefined && digits.length === 2 * count) return Buffer.from(digits, 'hex')
    throw this.#differs({ ...nothingRead, reason: 'the step asks for other random bytes than it did' })
  }

  #differs(found: FieldDifference & { readonly reason: string }): Error {
    this.difference ??= { ...found, line: this.#next?.index ?? -1, record: this.expected }
    return new Error(found.reason)
  }
}

const nothingRead: FieldDifference = { field: 'clock', left: null, right: null }

function isWithheld({ inputs, answer, entropy }: StepRecord): boolean {
  return holdsRedaction(inputs) || holdsRedaction(answer) || holdsRedaction(entropy)
}

function isMarked(record: EvidenceRecord): boolean {
  switch (record.kind) {
    case 'run':
      return holdsRedaction(record.payload)
    case 'enter':
      return holdsRedaction(record.inputs)
    case 'step':
      return isWithheld(record)
    default:
      return false
  }
}

function answerOf({ operation, answer, outcome, failure }: StepRecord): StepOutcome {
  if (answer === null) throw new Error(failure ?? '')
  const raw = isObject(answer) ? answer : emptyObject
  // The status of a side effect is part of its answer; that of a transform is not.
  const status = operation === null ? outcome : describeBare(raw.get('result_status') ?? 'SUCCESS')
  // A side effect that has answered has not failed.
  return { status, raw, ...(failure === null || operation !== null ? {} : { failure: new Error(failure) }) }
}

function reasonFor(recorded: EvidenceRecord, { field }: FieldDifference, answered: boolean): string {
  switch (recorded.kind) {
    case 'run':
      return field === 'turnedAway' ? 'the run is admitted otherwise' : 'the run is given something else'
    case 'enter':
      return field.startsWith('inputs') ? 'the contract is given something else' : 'another node is entered'
    case 'step':
      if (field.startsWith('inputs')) return 'the step is given something else'
      if (answered) return 'the recorded answer does not fit to what is recorded of the step'
      return ['answer', 'outcome', 'output', 'failure'].some((name) => field.startsWith(name))
        ? 'the same inputs give something else'
        : 'another step runs'
    case 'leave':
      return field.startsWith('to') ? 'another edge is taken' : 'the node ends otherwise'
    case 'end':
      return 'the run ends otherwise'
  }
}
