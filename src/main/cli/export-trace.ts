import { readFileSync } from 'node:fs'
import { readVisits } from '../engine/workflow/diff/run-visits.ts'
import { EvidenceReader } from '../engine/workflow/evidence/evidence-reader.ts'
import { readOldEvents, readTraceLines } from '../engine/workflow/examine/trace-events.ts'
import { type ExportForm, exportRun } from '../engine/workflow/export/export-run.ts'
import { oldSummary } from '../engine/workflow/export/old-summary.ts'
import { summaryMarkdown } from '../engine/workflow/export/summary.ts'
import { load } from '../engine/workflow/snapshot/load.ts'
import { evidencePathFrom, workspaceAbove } from './evidence-argument.ts'

/** A summary or a picture of the run of a trace: from its evidence, or, for a trace of the older engine, from itself. */
export async function exportTrace(path: string, form: ExportForm): Promise<string | Uint8Array> {
  const text = readFileSync(path, 'utf8')
  if (form === 'md' && text.includes('TRACE_SCHEMA_V0')) {
    return summaryMarkdown(oldSummary(readOldEvents(readTraceLines(text, path), path)))
  }
  using reader = new EvidenceReader(evidencePathFrom(path))
  const run = readVisits(reader)
  return await exportRun(run, form, () => load(workspaceAbove(reader.path)).domain(run.run.domain))
}
