import { describeBare } from '../../json/describe.ts'
import { textAt } from '../../json/value.ts'
import type { FailureClass, Finding } from './finding.ts'
import { type OldRun, transformOf } from './old-run.ts'
import type { OldEvent } from './trace-events.ts'

const goodStatuses = ['SUCCESS', 'ACK', 'completed']
const graphReasons = ['NO_TRANSITION', 'NO_ENTRY_NODE', 'NODE_NOT_FOUND', 'EXIT_NOT_FOUND']
const quietReasons = ['TIMEOUT', 'ABORT']
const policyReasons = [
  'ADMISSION_DENIED',
  'GOVERNANCE_VIOLATION',
  'EXIT_VIOLATION',
  'EXIT_REJECTED',
  'EXIT_ALREADY_EXISTS',
]

/** Why a run of the older engine failed; null when nothing is wrong. The first rule that fits wins. */
export function classify(run: OldRun): Finding | null {
  if (run.status === 'SUCCESS') return violationBeforeExit(run)
  for (const event of run.events) {
    const found = classifyEvent(event, run)
    if (found !== null) return found
  }
  return ['FAILURE', 'ABORT', 'TIMEOUT'].includes(run.status) ? classifyExit(run) : null
}

/** A contract whose bad answer led straight to an exit. */
function violationBeforeExit({ events, nodeTypes }: OldRun): Finding | null {
  const ends = events.filter(({ type }) => type === 'node_end')
  for (const [index, { payload }] of ends.entries()) {
    const node = textAt(payload, 'node_id') ?? ''
    const status = describeBare(payload.get('status') ?? null)
    if (nodeTypes.get(node) !== 'capability_contract' || goodStatuses.includes(status)) continue
    const next = ends[index + 1]
    const nextNode = next === undefined ? null : textAt(next.payload, 'node_id')
    if (nextNode === null) continue
    if (['EXIT', 'TERMINAL'].includes(nextNode) || nodeTypes.get(nextNode) === 'exit') {
      return violation(node, `Business violation at ${node}: ${status}`, null)
    }
  }
  return null
}

function classifyEvent(event: OldEvent, { nodeTypes }: OldRun): Finding | null {
  const node = textAt(event.payload, 'node_id')
  if (event.type === 'error') return classifyError(event, node)
  if (event.type !== 'node_end' || node === null) return null
  const status = describeBare(event.payload.get('status') ?? null)
  if (status === 'NACK' && nodeTypes.get(node) === 'intent') {
    return violation(node, `Business violation at ${node}: NACK`, null)
  }
  if (!['failed', 'failure', 'error'].includes(status.toLowerCase())) return null
  const reason = `Node ${node} ended with ${status}`
  return { failure: 'CT_STRUCTURE_ERROR', node, reason, code: null, transform: null }
}

function classifyError(event: OldEvent, node: string | null): Finding {
  const code = describeBare(event.payload.get('error_code') ?? null)
  const category = describeBare(event.payload.get('node_category') ?? null)
  const reason = describeBare(event.payload.get('message') ?? null)
  return { failure: classOfError(code, category), node, reason, code, transform: transformOf(event) }
}

function classOfError(code: string, category: string): FailureClass {
  if (code === 'EXPRESSION_RESOLUTION_FAILED') return 'EXPRESSION_ERROR'
  if (code === 'SCHEMA_VALIDATION_FAILED') return 'SCHEMA_ERROR'
  if (category === 'CT') return 'CT_STRUCTURE_ERROR'
  if (category === 'CS') return 'CS_RUNTIME_ERROR'
  if (code === 'BINDING_RESOLUTION_FAILED') return 'BINDING_ERROR'
  if (code === 'ADMISSION_BINDING_MISSING_FIELD' || code === 'ADMISSION_DENIED') return 'ADMISSION_ERROR'
  return 'CT_STRUCTURE_ERROR'
}

function classifyExit({ exitReason, exitCondition }: OldRun): Finding | null {
  if (quietReasons.includes(exitReason)) return null
  if (policyReasons.includes(exitReason)) return violation(null, `Policy rejection: ${exitReason}`, exitReason)
  const whole = { node: null, code: exitReason, transform: null }
  if (graphReasons.includes(exitReason)) {
    return { ...whole, failure: 'GRAPH_STRUCTURE_ERROR', reason: `Graph structure error: ${exitReason}` }
  }
  if (exitReason === 'EXIT_BACKEND_ERROR') {
    return { ...whole, failure: 'CS_RUNTIME_ERROR', reason: `Backend error at exit: ${exitCondition}` }
  }
  return { ...whole, failure: 'CT_STRUCTURE_ERROR', reason: `Execution failed: ${exitCondition}` }
}

function violation(node: string | null, reason: string, code: string | null): Finding {
  return { failure: 'BUSINESS_VIOLATION', node, reason, code, transform: null }
}
