import { findArtifact, workspaceOf } from './artifact.ts'
import { examineCompatibleTrace, isCompatibleTrace } from './compatible-trace.ts'
import { examineEvidence, isEvidence } from './evidence-trace.ts'
import type { ExaminedRun } from './finding.ts'
import { hintFor } from './hint.ts'
import { examineOldTrace } from './old-trace.ts'
import { reportLines } from './report.ts'
import { readTraceLines } from './trace-events.ts'

/** What an examination of a trace came to. */
export interface Examination {
  readonly run: ExaminedRun
  /** The file to look at, for a fault of the system. */
  readonly artifact: string | null
  /** What to do about a fault of the system. */
  readonly hint: string | null
  readonly lines: readonly string[]
  /** True when the system is at fault: a violation of a business rule is none. */
  readonly structural: boolean
}

/**
 * Examines the text of a trace, of the older engine or of this one, or an evidence. Throws a TraceParseError when it cannot be read, or
 * the run has not ended.
 */
export function examineTrace(text: string, path: string): Examination {
  const traceLines = readTraceLines(text, path)
  const evidence = isEvidence(traceLines)
  const compatible = isCompatibleTrace(traceLines)
  const examine = evidence ? examineEvidence : compatible ? examineCompatibleTrace : examineOldTrace
  const run = examine(traceLines, path)
  const { finding } = run
  const structural = finding !== null && finding.failure !== 'BUSINESS_VIOLATION'
  const artifact = structural ? findArtifact(workspaceOf(path, compatible || evidence), run.workflow, finding) : null
  const hint = structural ? hintFor(run.workflow, finding, artifact) : null
  return { run, artifact, hint, lines: reportLines(run, artifact, hint), structural }
}
