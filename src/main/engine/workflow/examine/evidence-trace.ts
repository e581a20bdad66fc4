import type { EndRecord, EvidenceRecord, RunRecord, StepRecord } from '../evidence/evidence-record.ts'
import { readRecord } from '../evidence/read-record.ts'
import type { ContractAnswer, ExaminedRun, FailureClass, Finding } from './finding.ts'
import { type TraceLine, TraceParseError } from './trace-events.ts'

/** True for an evidence of this engine. */
export function isEvidence(lines: readonly TraceLine[]): boolean {
  return lines[0]?.event.get('kind') === 'run'
}

/** Examines an evidence, which says what a compatible trace cannot. Throws a TraceParseError when the run has not ended. */
export function examineEvidence(lines: readonly TraceLine[], path: string): ExaminedRun {
  const records = lines.map(({ event, number }) => recordAt(event, number, path))
  const [run] = records
  const end = records.at(-1)
  if (run?.kind !== 'run' || end?.kind !== 'end') {
    const number = lines.at(-1)?.number ?? 0
    throw new TraceParseError(`No end of the run: it breaks off behind line ${number} of ${path}`)
  }
  return {
    traceId: run.traceId,
    workflow: codeOf(run.workflow),
    finding: findingOf(run, end, records),
    answers: answersOf(records),
  }
}

function recordAt(event: TraceLine['event'], number: number, path: string): EvidenceRecord {
  try {
    return readRecord(event)
  } catch (error) {
    throw new TraceParseError(`Line ${number} in ${path} is not a record of an evidence: ${String(error)}`)
  }
}

function findingOf(run: RunRecord, end: EndRecord, records: readonly EvidenceRecord[]): Finding | null {
  // A person or a limit ended it: nothing is wrong with the run.
  if (end.ending === 'stopped') return null
  const step = records.findLast((record) => record.kind === 'step') ?? null
  const entered = records.findLast((record) => record.kind === 'enter')
  const node = entered === undefined ? null : codeOf(entered.node.name)
  if (end.error !== null) return stopped(end.error, step, node)
  const status = end.status ?? ''
  if (run.turnedAway !== null) return finding('BUSINESS_VIOLATION', null, `Policy rejection: ${status}`, status)
  if (status === 'SUCCESS' || status === 'ALREADY_EXISTS') return null
  if (status === 'BACKEND_ERROR')
    return finding('CS_RUNTIME_ERROR', node, `Backend error at ${node ?? 'the start'}`, status)
  const failure = step?.failure ?? null
  // A transform that nobody implements fails like one that says no; only its message tells them apart.
  if (failure?.includes('No module named')) {
    return {
      ...finding('CT_STRUCTURE_ERROR', node, failure, 'CT_ARTIFACT_NOT_FOUND'),
      transform: codeOf(step?.name ?? ''),
    }
  }
  if (end.ending === 'missing') {
    return finding(
      'GRAPH_STRUCTURE_ERROR',
      node,
      `No edge is declared for ${status} at ${node ?? 'the start'}`,
      'NO_TRANSITION',
    )
  }
  return finding(
    'BUSINESS_VIOLATION',
    node,
    failure ?? `Business violation at ${node ?? 'the start'}: ${status}`,
    status,
  )
}

/** A step that threw has no answer; where every step answered, the tables are at fault. */
function stopped(error: string, step: StepRecord | null, node: string | null): Finding {
  const threw = step !== null && step.answer === null
  if (!threw) return finding('GRAPH_STRUCTURE_ERROR', node, error, null)
  return finding(step.operation === null ? 'CT_STRUCTURE_ERROR' : 'CS_RUNTIME_ERROR', node, error, null)
}

function answersOf(records: readonly EvidenceRecord[]): ContractAnswer[] {
  const contracts = new Map<number, string>()
  const answers: ContractAnswer[] = []
  for (const record of records) {
    if (record.kind === 'enter' && record.node.type === 'contract') contracts.set(record.visit, record.node.name)
    const contract = record.kind === 'leave' ? contracts.get(record.visit) : undefined
    if (record.kind === 'leave' && contract !== undefined) answers.push({ contract, status: record.status })
  }
  return answers
}

function finding(failure: FailureClass, node: string | null, reason: string, code: string | null): Finding {
  return { failure, node, reason, code, transform: null }
}

function codeOf(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1)
}
