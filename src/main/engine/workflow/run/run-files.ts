import { join } from 'node:path'
import { EvidenceFile, evidencePathFor } from '../evidence/evidence-file.ts'
import type { Recording } from './recorded-walk.ts'

/** Keeps the evidence of a run beside its trace in `folder`, and that of the runs that it starts beside theirs. */
export function recordingIn(folder: string, traceId: string, secrets: readonly string[]): Recording {
  return {
    secrets,
    open(nested) {
      const own = join(folder, `${traceId}.jsonl`)
      const trace = nested === null ? own : nestedTracePath(folder, nested.number, nested.code)
      return new EvidenceFile(evidencePathFor(trace))
    },
  }
}

/** Where the trace of a nested run lies in the folder of the run that started it. */
export function nestedTracePath(folder: string, number: number, code: string): string {
  return join(folder, 'nested', `${String(number).padStart(4, '0')}__${code}.jsonl`)
}
