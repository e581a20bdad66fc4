import type { RunReplay, WorkflowRunRow } from '../../shared/contract/workflows.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import { isEvidencePath } from '../engine/workflow/evidence/evidence-file.ts'
import type { RunStore } from '../engine/workflow-runs/run-store.ts'
import type { WorkspaceFolder } from '../engine/workflow-thread/prepare-run.ts'
import type { WorkflowThread } from '../engine/workflow-thread/workflow-thread.ts'
import { isLive } from './workflow-answers.ts'

/**
 * Replays a kept run. It runs no operation, so it is no token: it goes on while everything is paused, in a thread beside
 * the workers. Throws `conflict` while the run goes on, `unsupported` for a trace without evidence, and what the replay
 * itself throws. `open`: the workspace that is.
 */
export async function replayKept(
  row: WorkflowRunRow,
  store: RunStore,
  thread: WorkflowThread,
  open: WorkspaceFolder | null,
): Promise<RunReplay> {
  if (isLive(row)) throw new GuardhouseError('conflict', `${row.id} goes on; it can be replayed once it has ended`)
  const evidence = store.eventsPath(row.id)
  if (evidence === null)
    throw new GuardhouseError('not-found', `${row.id} ended before it began; there is nothing to replay`)
  if (!isEvidencePath(evidence)) {
    throw new GuardhouseError('unsupported', `${row.id} is a trace without evidence`, {
      hint: 'A trace alone does not hold what a replay needs. Import the file *.evidence.ndjson of the run.',
    })
  }
  return await thread.ask('replay', { evidence, graph: store.graphPath(row.id), open })
}
