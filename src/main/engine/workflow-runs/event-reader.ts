import { GuardhouseError } from '../../../shared/errors.ts'
import type { RunColumns } from './run-columns.ts'

/** One line of a trace or an evidence, parsed. */
export type TraceEvent = Readonly<Record<string, unknown>>

/** Takes events of one form into columns. */
export interface EventReader {
  /** Throws an Error that says what is wrong with the event. */
  take(event: TraceEvent, line: number): void
}

/** What a run says of itself, as far as its events tell. */
export interface RunFacts {
  workflow: string | null
  hash: string | null
  status: string | null
  error: string | null
  /** Wall clock in milliseconds; null where no event tells. */
  wall: number | null
  ended: boolean
  payload: unknown
  result: unknown
}

export function noFacts(): RunFacts {
  return {
    workflow: null,
    hash: null,
    status: null,
    error: null,
    wall: null,
    ended: false,
    payload: null,
    result: null,
  }
}

/** Microseconds since the first event that was asked about. */
export class RunClock {
  #first: number | null = null

  /** `nanoseconds` may be of any size: what is lost beyond 2^53 is less than a microsecond of a run. */
  microseconds(nanoseconds: unknown): number {
    if (typeof nanoseconds !== 'number') return 0
    this.#first ??= nanoseconds
    return Math.max(0, (nanoseconds - this.#first) / 1000)
  }
}

export function textOf(event: TraceEvent, key: string): string {
  const value = event[key]
  if (typeof value === 'string') return value
  throw new GuardhouseError('bad-request', `it has no text "${key}"`)
}

export function numberOf(event: TraceEvent, key: string): number {
  const value = event[key]
  if (typeof value === 'number') return value
  throw new GuardhouseError('bad-request', `it has no number "${key}"`)
}

export function objectOf(event: TraceEvent, key: string): TraceEvent {
  const value = event[key]
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as TraceEvent
  throw new GuardhouseError('bad-request', `it has no object "${key}"`)
}

/** Chooses how a file is read from its first event. */
export function readerFor(event: TraceEvent, columns: RunColumns, facts: RunFacts, readers: ReaderMakers): EventReader {
  if ('kind' in event) return readers.evidence(columns, facts)
  if ('trace_schema_version' in event) return readers.compatible(columns, facts)
  if ('execution_id' in event) return readers.old(columns, facts)
  throw new GuardhouseError('bad-request', 'it is no event of a trace or an evidence that is known here', {
    hint: 'Known are traces of pgs_runtime (0.2 and 0.3) and evidence of Guardhouse: JSON lines.',
  })
}

type Maker = (columns: RunColumns, facts: RunFacts) => EventReader
export interface ReaderMakers {
  readonly evidence: Maker
  readonly compatible: Maker
  readonly old: Maker
}
