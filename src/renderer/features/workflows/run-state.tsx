import type { RunState, WorkflowRunRow } from '../../../shared/contract/workflows.ts'
import type { TokenState } from '../../../shared/model/token.ts'
import { StateMark } from '../../ui/state-mark.tsx'

/** A run is a token: its states look as those of tokens do. */
const tokenStates: Readonly<Record<RunState, TokenState>> = {
  waiting: 'WAITING',
  running: 'EXECUTING',
  completed: 'COMPLETED',
  failed: 'FAILED',
  killed: 'KILLED',
  timeout: 'TIMEOUT',
  imported: 'CREATED',
}

export function RunStateMark({ run }: { readonly run: WorkflowRunRow }) {
  if (run.state === 'imported') return <span>Imported</span>
  return <StateMark state={tokenStates[run.state]} />
}
