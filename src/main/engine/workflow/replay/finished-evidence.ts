import { GuardhouseError } from '../../../../shared/errors.ts'
import { isEvidenceDraft } from '../evidence/evidence-file.ts'
import type { EvidenceLines } from '../evidence/evidence-reader.ts'
import type { RunRecord } from '../evidence/evidence-record.ts'
import type { ReplayDifference } from './recorded-world.ts'

/** What a replay came to. */
export interface ReplayReport {
  readonly run: RunRecord
  /** Null: every record came out as it was written. */
  readonly difference: ReplayDifference | null
  readonly records: number
  /** Steps whose recorded answer was taken, because a secret that they need is not recorded. */
  readonly withheld: number
  /** The evidence ends before its run did, which broke off there; what it holds was walked. */
  readonly brokenOff: boolean
  /** Parts of the snapshot that are not those of the run; a run may come out alike all the same. */
  readonly changedFiles: readonly string[]
}

/** An evidence that can be walked. */
export interface WalkableEvidence {
  readonly run: RunRecord
  readonly brokenOff: boolean
}

/**
 * The first record of an evidence, and whether the last one says how the run ended. Only a draft may break off: it is what a
 * host that died left of the run. Throws for a file with the name of a whole evidence that is none.
 */
export function requireWalkable(evidence: EvidenceLines): WalkableEvidence {
  const { path, length, open } = evidence
  const draft = isEvidenceDraft(path)
  if (open && !draft)
    throw broken(`Line ${length + 1} of ${path} is cut off: the run is still going, or its evidence is damaged`)
  if (length === 0) throw broken(`Empty evidence file: ${path}`)
  const [first] = evidence.lines(0, 1)
  const [last] = evidence.lines(length - 1, 1)
  if (first?.record.kind !== 'run') throw broken(`Line 1 of ${path} does not begin a run`)
  const brokenOff = last?.record.kind !== 'end'
  if (brokenOff && !draft) throw broken(`No end of the run behind line ${length} of ${path}: it breaks off there`)
  return { run: first.record, brokenOff }
}

/** Where an evidence stops before its run has ended; null for a whole one. */
export function placeOfBreak(evidence: EvidenceLines): string | null {
  const { path, length, open } = evidence
  if (open) return `Line ${length + 1} of ${path} is cut off`
  const [last] = length === 0 ? [] : evidence.lines(length - 1, 1)
  return last?.record.kind === 'end' ? null : `No end of the run behind line ${length} of ${path}`
}

/** The first line that is not as it was written. */
export function firstForged(evidence: EvidenceLines): ReplayDifference | null {
  for (const { genuine, index, record } of evidence.all()) {
    if (genuine) continue
    const reason = 'the record, or the link in it, was changed after it was written'
    return { line: index, record, field: 'chain', left: null, right: null, reason }
  }
  return null
}

/** At the same line the difference that names a field says more. */
export function earlier(walked: ReplayDifference | null, forged: ReplayDifference | null): ReplayDifference | null {
  if (walked === null || forged === null) return walked ?? forged
  return forged.line < walked.line ? forged : walked
}

export function broken(message: string): GuardhouseError {
  return new GuardhouseError('operation-failed', message)
}
