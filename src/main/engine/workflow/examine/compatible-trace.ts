import { describeBare } from '../../json/describe.ts'
import { type JsonObject, objectAt, textAt } from '../../json/value.ts'
import type { ContractAnswer, ExaminedRun, Finding } from './finding.ts'
import { type TraceLine, TraceParseError } from './trace-events.ts'

/** True for the format that this engine and pgs_runtime 0.3.0 write. */
export function isCompatibleTrace(lines: readonly TraceLine[]): boolean {
  return lines[0]?.event.get('trace_schema_version') === 'v0'
}

/** Examines a trace as this engine writes it. Throws a TraceParseError when the run has not ended. */
export function examineCompatibleTrace(lines: readonly TraceLine[], path: string): ExaminedRun {
  const events = lines.map(({ event }) => event)
  const first = events[0]
  const last = events.at(-1)
  const end = last === undefined ? null : textAt(last, 'event_type')
  if (first === undefined || last === undefined || (end !== 'WF_COMPLETE' && end !== 'ERROR')) {
    const number = lines.at(-1)?.number ?? 0
    throw new TraceParseError(`No WF_COMPLETE and no ERROR: the run breaks off behind line ${number} of ${path}`)
  }
  const answers = events.filter((event) => event.get('event_type') === 'CC_COMPLETE').map(answerOf)
  return {
    traceId: textAt(first, 'trace_id') ?? '',
    workflow: workflowOf(first),
    finding: end === 'ERROR' ? stopped(events, last) : ended(last, answers),
    answers,
  }
}

function answerOf(event: JsonObject): ContractAnswer {
  return { contract: detail(event, 'cc_fqdn'), status: describeBare(event.get('result_status') ?? null) }
}

/** A run that was stopped by an exception: in the contract that was left open, if there is one. */
function stopped(events: readonly JsonObject[], error: JsonObject): Finding {
  const lastContract = events.findLast((event) =>
    ['CC_START', 'CC_COMPLETE'].includes(textAt(event, 'event_type') ?? ''),
  )
  const open = lastContract !== undefined && lastContract.get('event_type') === 'CC_START'
  return {
    failure: open ? 'CS_RUNTIME_ERROR' : 'GRAPH_STRUCTURE_ERROR',
    node: open ? codeOf(detail(lastContract, 'cc_fqdn')) : null,
    reason: detail(error, 'message'),
    code: null,
    transform: null,
  }
}

/** The last contract decided the status with which a run ended. */
function ended(complete: JsonObject, answers: readonly ContractAnswer[]): Finding | null {
  const status = describeBare(complete.get('result_status') ?? null)
  if (status === 'SUCCESS' || status === 'ALREADY_EXISTS') return null
  const last = answers.at(-1)
  const node = last === undefined ? null : codeOf(last.contract)
  const failure = status === 'BACKEND_ERROR' ? 'CS_RUNTIME_ERROR' : 'BUSINESS_VIOLATION'
  const place = node ?? 'the start'
  return {
    failure,
    node,
    reason: `Run ended at ${place} with ${status}: no edge leads on`,
    code: status,
    transform: null,
  }
}

function workflowOf(event: JsonObject): string {
  const name = detail(event, 'wf_fqdn')
  return name === '' ? `workflow ${describeBare(event.get('wf_addr') ?? null)}` : codeOf(name)
}

function codeOf(name: string): string {
  return name.slice(name.lastIndexOf('::') + 1).replace(/^:/, '')
}

function detail(event: JsonObject, name: string): string {
  return textAt(objectAt(event, 'detail') ?? new Map(), name) ?? ''
}
