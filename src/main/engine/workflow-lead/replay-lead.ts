import type { RunReplay } from '../../../shared/contract/workflows.ts'
import { EvidenceReader } from '../workflow/evidence/evidence-reader.ts'
import type { EvidenceRecord } from '../workflow/evidence/evidence-record.ts'
import { nodesByVisit, placeOf } from '../workflow/evidence/place.ts'
import { toPlain } from '../workflow/graph/plain-json.ts'
import { replayRun } from '../workflow/replay/replay-run.ts'
import { valuePreview } from '../workflow-runs/value-preview.ts'
import type { ReplayRequest } from './lead-request.ts'

/** Walks a kept run again in the thread of the token that runs here; nothing outside is touched. */
export async function leadReplay({ evidence, graph, workspace }: ReplayRequest): Promise<RunReplay> {
  using reader = new EvidenceReader(evidence)
  const { difference, records, withheld, changedFiles } = await replayRun(reader, { graph, workspace })
  const summary = { same: difference === null, records, withheld, changed: [...changedFiles] }
  if (difference === null) return { ...summary, difference: null }
  const nodes = nodesByVisit([...reader.all()].map(({ record }) => record))
  const { record, line, field, reason, left, right } = difference
  return {
    ...summary,
    difference: {
      line: line + 1,
      place: placeOf(record, nodes),
      node: record === null ? null : (nodes.get(visitOf(record))?.id ?? null),
      field,
      reason,
      recorded: valuePreview(toPlain(left)),
      replayed: valuePreview(toPlain(right)),
    },
  }
}

function visitOf(record: EvidenceRecord): number {
  return 'visit' in record ? record.visit : -1
}
