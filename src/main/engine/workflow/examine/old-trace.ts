import { describeBare } from '../../json/describe.ts'
import { textAt } from '../../json/value.ts'
import { classify } from './classify.ts'
import type { ContractAnswer, ExaminedRun } from './finding.ts'
import type { OldRun } from './old-run.ts'
import { type OldEvent, readOldEvents, type TraceLine, TraceParseError } from './trace-events.ts'

const schemaVersion = 'TRACE_SCHEMA_V0'

/** Examines a trace of the older format. Throws a TraceParseError when it is not a finished one. */
export function examineOldTrace(lines: readonly TraceLine[], path: string): ExaminedRun {
  const events = readOldEvents(lines, path)
  const traceId = events[0]?.executionId ?? ''
  if (traceId === '') throw new TraceParseError(`Missing execution_id in first event in ${path}`)
  const run = readRun(events, path)
  return { traceId, workflow: run.workflow, finding: classify(run), answers: answersOf(events) }
}

function readRun(events: readonly OldEvent[], path: string): OldRun {
  const start = events.find(({ type }) => type === 'execution_start')?.payload
  const workflow = start === undefined ? null : textAt(start, 'workflow_code')
  if (start === undefined || !workflow) {
    throw new TraceParseError(`No execution_start event with workflow_code in ${path}`)
  }
  const version = describeBare(start.get('trace_schema_version') ?? null)
  if (version !== schemaVersion) {
    throw new TraceParseError(`Trace schema version mismatch in ${path}: expected '${schemaVersion}', got '${version}'`)
  }
  const end = events.find(({ type }) => type === 'workflow_complete')?.payload
  if (end === undefined) throw new TraceParseError(`No workflow_complete event in ${path}`)
  const field = (name: string): string => describeBare(end.get(name) ?? '')
  for (const name of ['status', 'exit_reason_code']) {
    if (field(name) === '') throw new TraceParseError(`workflow_complete missing ${name} in ${path}`)
  }
  const nodeTypes = new Map(
    events
      .filter(({ type }) => type === 'node_start')
      .map(({ payload }) => [textAt(payload, 'node_id') ?? '', textAt(payload, 'node_type') ?? '']),
  )
  return {
    events,
    workflow,
    status: field('status'),
    exitReason: field('exit_reason_code'),
    exitCondition: field('exit_condition'),
    nodeTypes,
  }
}

/** Every contract that was dispatched, with the status of its node. */
function answersOf(events: readonly OldEvent[]): ContractAnswer[] {
  const answers: ContractAnswer[] = []
  for (const [index, { type, payload }] of events.entries()) {
    if (type !== 'capability_dispatch') continue
    const node = payload.get('node_id')
    const end = events.slice(index).find((event) => event.type === 'node_end' && event.payload.get('node_id') === node)
    const status = end === undefined ? 'UNKNOWN' : describeBare(end.payload.get('status') ?? null)
    answers.push({ contract: describeBare(payload.get('cc_code') ?? null), status })
  }
  return answers
}
