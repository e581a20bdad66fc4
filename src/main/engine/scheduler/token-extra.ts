import type { z } from 'zod'
import type { TokenLogLine, tokenAttempt } from '../../../shared/contract/tokens.ts'
import type { TokenMarks } from './tags/token-marks.ts'

type TokenAttempt = z.infer<typeof tokenAttempt>

/** What only some tokens have; made when first needed. */
export interface TokenRecordExtra {
  log: TokenLogLine[]
  logDropped: number
  progress: { fraction: number; text: string } | null
  actions: { at: number; actor: string; action: string; reason: string }[]
  attempts: TokenAttempt[]
  children: number
  /** Of these, how many have not ended. */
  liveChildren: number
  /** Sequences of the first children. */
  firstChildren: number[]
  transfer: readonly ArrayBuffer[] | null
  /** What stands for arguments or a result too large to keep. */
  argumentsPreview: { text: string; bytes: number; truncated: boolean } | null
  resultPreview: { text: string; bytes: number; truncated: boolean } | null
  /** What tags bind it to. */
  marks: TokenMarks | null
  /** Id of the receipt, or of the token running the same call, from which it was answered instead of running. */
  answeredFrom: string | null
  /** Told when the token ends, beside its handle. */
  listeners: ((value: unknown) => void)[]
}

export function makeExtra(): TokenRecordExtra {
  return {
    log: [],
    logDropped: 0,
    progress: null,
    actions: [],
    attempts: [],
    children: 0,
    liveChildren: 0,
    firstChildren: [],
    transfer: null,
    argumentsPreview: null,
    resultPreview: null,
    marks: null,
    answeredFrom: null,
    listeners: [],
  }
}
