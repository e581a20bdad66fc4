import type { Visit, VisitedRun } from '../diff/run-visits.ts'
import type { EndRecord, TraceTime } from '../evidence/evidence-record.ts'
import { failureOf } from './old-summary.ts'
import type { RunSummary } from './summary.ts'

/** The summary of a run from its evidence. A run without an end is summed up as far as it came. */
export function evidenceSummary({ run, visits, end }: VisitedRun): RunSummary {
  const status = end?.status ?? (end === null ? 'UNFINISHED' : 'ERROR')
  const good = end?.error === null && ['SUCCESS', 'ALREADY_EXISTS', 'ACK'].includes(status)
  const turnedAway = run.turnedAway !== null
  return {
    workflow: codeOf(run.workflow),
    executionId: run.traceId,
    status,
    milliseconds: end === null ? 0 : millisecondsBetween(run.at, end.at),
    phase: turnedAway ? 'ADMISSION' : good ? 'FULL DAG' : 'MID-WORKFLOW',
    nodes: visits.filter(({ leave }) => leave?.status === 'SUCCESS').length,
    exitReason: exitReason(status, end),
    failure: good ? null : failureOf(reasonOf(visits, end), turnedAway ? 0 : visits.length),
    violations: [],
    errors: end?.error
      ? [{ type: 'RuntimeError', origin: visits.at(-1)?.enter.node.id ?? 'start', details: end.error }]
      : [],
    flow: [`START \u2192 ${codeOf(run.workflow)}`, ...visits.flatMap(flowOf), `EXIT \u2192 ${status}`],
  }
}

function flowOf({ enter, steps, leave }: Visit): string[] {
  const { node } = enter
  const stepped = steps.map(({ id, name, operation, outcome }) => {
    const called = operation === null ? codeOf(name) : `${codeOf(name)} ${operation}`
    return `${id === '' ? called : `${id}: ${called}`} \u2192 ${outcome}`
  })
  const left = leave === null ? 'not left' : `${leave.status} (${millisecondsBetween(enter.at, leave.at)}ms)`
  const dispatched = node.type === 'contract' ? [`DISPATCH \u2192 ${node.name}`, ...stepped] : []
  return [...dispatched, `${node.id} \u2192 ${left}`]
}

/** Why a run did not end well: the failure of the last step that says one, or what stopped it. */
function reasonOf(visits: readonly Visit[], end: EndRecord | null): string {
  if (end?.error) return end.error
  const last = visits.at(-1)
  const failure = last?.steps.findLast((step) => step.failure !== null)?.failure
  return failure ?? `${last?.enter.node.id ?? 'the start'} answered ${last?.leave?.status ?? 'nothing'}`
}

/** What the older engine calls the reason for which a run ends. */
function exitReason(status: string, end: EndRecord | null): string {
  if (end === null) return 'NO_END'
  if (end.ending === 'stopped') return 'ABORT'
  if (end.ending === 'failed') return 'EXECUTION_FAILED'
  if (end.ending === 'missing') return 'NO_TRANSITION'
  if (status === 'SUCCESS' || status === 'ACK') return 'COMPLETED'
  if (['ALREADY_EXISTS', 'NOT_FOUND', 'VIOLATION', 'BACKEND_ERROR'].includes(status)) return `EXIT_${status}`
  if (status === 'ADMISSION_DENIED') return status
  return status === 'NACK' ? 'EXIT_REJECTED' : 'GOVERNANCE_VIOLATION'
}

function millisecondsBetween(from: TraceTime, to: TraceTime): number {
  return Number((BigInt(to) - BigInt(from)) / 1_000_000n)
}

function codeOf(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1)
}
