import { describeBare } from '../../json/describe.ts'
import { textAt } from '../../json/value.ts'
import type { OldEvent } from '../examine/trace-events.ts'
import type { RunSummary } from './summary.ts'

/** The summary of a run of the older engine, as that engine itself wrote it. */
export function oldSummary(events: readonly OldEvent[]): RunSummary {
  const payloadOf = (type: string) => events.find((event) => event.type === type)?.payload ?? new Map()
  const start = payloadOf('execution_start')
  const end = payloadOf('workflow_complete')
  const violations = events
    .filter(({ type }) => type === 'violation')
    .map(({ payload }) => textAt(payload, 'code') ?? 'UNKNOWN')
  const ended = events.filter(({ type }) => type === 'node_end')
  const [first = null] = violations
  return {
    workflow: textAt(start, 'workflow_code') ?? '',
    executionId: events[0]?.executionId ?? '',
    status: describeBare(end.get('status') ?? null),
    milliseconds: Number(end.get('duration_ms') ?? 0),
    phase: first === null ? 'FULL DAG' : ended.length === 0 ? 'ADMISSION' : 'MID-WORKFLOW',
    nodes: ended.filter(({ payload }) => payload.get('status') === 'SUCCESS').length,
    exitReason: describeBare(end.get('exit_reason_code') ?? null),
    failure: first === null ? null : failureOf(first, ended.length),
    violations,
    errors: events
      .filter(({ type }) => type === 'error')
      .map(({ payload }) => ({
        type: textAt(payload, 'error_type') ?? '',
        origin: textAt(payload, 'component') ?? '',
        details: textAt(payload, 'traceback'),
      })),
    flow: events.filter(({ type }) => type !== 'node_start').map(flowLine),
  }
}

export function failureOf(reason: string, nodes: number): RunSummary['failure'] {
  return nodes === 0
    ? { stage: 'ADMISSION', reason, impact: 'no node was run' }
    : { stage: 'MID-WORKFLOW', reason, impact: `the run ended behind ${nodes} nodes` }
}

function flowLine({ type, payload }: OldEvent): string {
  const field = (name: string): string => describeBare(payload.get(name) ?? null)
  switch (type) {
    case 'execution_start':
      return `START \u2192 ${field('workflow_code')}`
    case 'node_end':
      return `${field('node_id')} \u2192 ${field('status')} (${field('duration_ms')}ms)`
    case 'capability_dispatch':
      return `DISPATCH \u2192 ${field('cc_code')}`
    case 'violation':
      return `VIOLATION \u2192 ${field('code')}`
    case 'error':
      return `ERROR \u2192 ${field('error_type')}`
    case 'workflow_complete':
      return `EXIT \u2192 ${field('status')}`
    default:
      return type
  }
}
