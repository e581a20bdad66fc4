import { GuardhouseError } from '../../../../shared/errors.ts'
import type { EvidenceReader } from '../evidence/evidence-reader.ts'
import type {
  EndRecord,
  EnterRecord,
  EvidenceRecord,
  LeaveRecord,
  RunRecord,
  StepRecord,
} from '../evidence/evidence-record.ts'

/** A run as a list of visits. */
export interface VisitedRun {
  readonly run: RunRecord
  readonly visits: readonly Visit[]
  /** Null: the run is still going, or its evidence breaks off. */
  readonly end: EndRecord | null
}

export interface Visit {
  readonly enter: EnterRecord
  readonly steps: readonly StepRecord[]
  /** Null: the node was never left. */
  readonly leave: LeaveRecord | null
}

/** Reads the visits of a run. Throws a GuardhouseError when the file does not begin with a run. */
export function readVisits(reader: EvidenceReader): VisitedRun {
  const visits = new Map<number, { enter: EnterRecord; steps: StepRecord[]; leave: LeaveRecord | null }>()
  let run: RunRecord | null = null
  let end: EndRecord | null = null
  for (const { record } of reader.all()) {
    if (record.kind === 'run') run ??= record
    else if (record.kind === 'end') end = record
    else take(record, visits)
  }
  if (run === null) {
    throw new GuardhouseError('operation-failed', `${reader.path} does not begin with a run`, {
      hint: 'give an evidence, as guardhouse run writes it beside the trace',
    })
  }
  return { run, visits: [...visits.values()], end }
}

type OpenVisits = Map<number, { enter: EnterRecord; steps: StepRecord[]; leave: LeaveRecord | null }>

function take(record: Exclude<EvidenceRecord, RunRecord | EndRecord>, visits: OpenVisits): void {
  if (record.kind === 'enter') {
    visits.set(record.visit, { enter: record, steps: [], leave: null })
    return
  }
  const visit = visits.get(record.visit)
  if (visit === undefined) return
  if (record.kind === 'step') visit.steps.push(record)
  else visit.leave = record
}
