import type { Preview } from '../../../shared/contract/common.ts'
import type { SchedulerState } from './scheduler-state.ts'
import { tokenFlags } from './token-table.ts'

/** What stands for the arguments and the result of a token that holds secrets. */
const hidden: Preview = { text: '[redacted]', bytes: 0, truncated: false }

/** From now on nobody is shown what the token is given and gives; it is not kept after its end, and not in the journal. */
export function hideValues(state: SchedulerState, slot: number): void {
  state.table.setFlag(slot, tokenFlags.secret, true)
  const extra = state.extra(slot)
  extra.argumentsPreview = hidden
  extra.resultPreview = hidden
}
