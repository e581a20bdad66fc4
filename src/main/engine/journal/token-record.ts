import type { Preview } from '../../../shared/contract/common.ts'
import type { TokenDetail } from '../../../shared/contract/tokens.ts'
import type { ErrorData } from '../../../shared/errors.ts'

/** What the journal keeps of an ended token beside its columns, as JSON. Times are engine microseconds of the run that wrote it. */
export interface TokenRecordDetail {
  error?: ErrorData
  /** What stands for arguments or a result too large to keep. */
  arguments?: Preview
  result?: Preview
  log?: TokenDetail['log']
  logDropped?: number
  actions?: TokenDetail['actions']
  attempts?: TokenDetail['attempts']
  progress?: TokenDetail['progress']
  /** Sequences of the first children. */
  children?: { total: number; first: readonly number[] }
}
