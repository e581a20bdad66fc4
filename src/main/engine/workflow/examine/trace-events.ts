import { describeBare } from '../../json/describe.ts'
import { parseJson } from '../../json/parse.ts'
import { isObject, type JsonObject, type JsonValue, objectAt, textAt } from '../../json/value.ts'

/** A trace cannot be read; the message names the line and the file. */
export class TraceParseError extends Error {
  override readonly name = 'TraceParseError'
}

/** One line of a trace. */
export interface TraceLine {
  readonly number: number
  readonly event: JsonObject
}

/** The lines of a trace file, without the blank ones. Throws a TraceParseError that names the first broken line. */
export function readTraceLines(text: string, path: string): TraceLine[] {
  const lines: TraceLine[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const event = parseLine(line, index + 1, path)
    if (!isObject(event)) throw new TraceParseError(`Event at line ${index + 1} is not a JSON object in ${path}`)
    lines.push({ number: index + 1, event })
  }
  if (lines.length === 0) throw new TraceParseError(`Empty trace file: ${path}`)
  return lines
}

/** An event of the older format. */
export interface OldEvent {
  readonly type: string
  readonly sequence: number
  readonly executionId: string
  readonly payload: JsonObject
}

/** What each kind of event has to say; kinds that are not listed need nothing. */
const neededFields: Readonly<Record<string, readonly string[]>> = {
  execution_start: ['workflow_code', 'trace_schema_version'],
  node_start: ['node_id', 'node_type'],
  node_end: ['node_id', 'status', 'duration_ms'],
  workflow_complete: ['status', 'duration_ms', 'exit_condition', 'exit_reason_code'],
  capability_dispatch: ['cc_code', 'node_id'],
  transform_start: ['ct_code'],
  transform_end: ['ct_code', 'duration_ms'],
  context_snapshot: ['context_hash', 'sequence'],
  error: ['error_code', 'message', 'node_category'],
}

/** Reads the events of the older format, sorted by their sequence numbers. */
export function readOldEvents(lines: readonly TraceLine[], path: string): OldEvent[] {
  return lines.map((line) => readOldEvent(line, path)).sort((left, right) => left.sequence - right.sequence)
}

function readOldEvent({ number, event }: TraceLine, path: string): OldEvent {
  for (const field of ['event_type', 'timestamp', 'execution_id', 'sequence']) {
    if (!event.has(field)) {
      throw new TraceParseError(`Event at line ${number} missing required field '${field}' in ${path}`)
    }
  }
  const type = describeBare(event.get('event_type') ?? null)
  const needed = Object.hasOwn(neededFields, type) ? (neededFields[type] ?? []) : []
  const payload = objectAt(event, 'payload')
  if (payload === null && needed.length > 0) {
    throw new TraceParseError(`Event '${type}' at line ${number} missing 'payload' in ${path}`)
  }
  for (const field of needed) {
    if (!payload?.has(field)) {
      throw new TraceParseError(
        `Event '${type}' at line ${number} payload missing required field '${field}' in ${path}`,
      )
    }
  }
  const sequence = event.get('sequence')
  return {
    type,
    sequence: typeof sequence === 'number' ? sequence : 0,
    executionId: textAt(event, 'execution_id') ?? '',
    payload: payload ?? new Map(),
  }
}

function parseLine(line: string, number: number, path: string): JsonValue {
  try {
    return parseJson(line)
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    throw new TraceParseError(`Invalid JSON at line ${number} in ${path}: ${problem}`)
  }
}
