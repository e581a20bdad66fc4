import { objectAt, textAt } from '../../json/value.ts'
import type { OldEvent } from './trace-events.ts'

/** How a run of the older engine went, with what its classifier needs. */
export interface OldRun {
  readonly events: readonly OldEvent[]
  readonly workflow: string
  readonly status: string
  readonly exitReason: string
  readonly exitCondition: string
  /** Node: its type. */
  readonly nodeTypes: ReadonlyMap<string, string>
}

/** The transform that an error event is about, when it says so. */
export function transformOf(event: OldEvent): string | null {
  const details = objectAt(event.payload, 'details')
  const named = details === null ? null : textAt(details, 'ct_code')
  const node = textAt(event.payload, 'node_id')
  return named ?? (node?.startsWith('CT_') ? node : null)
}
