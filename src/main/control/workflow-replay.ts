import { type RunReplay, runReplay, type WorkflowRunRow } from '../../shared/contract/workflows.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import { isEvidencePath } from '../engine/workflow/evidence/evidence-file.ts'
import { type ReplayRequest, replayLead } from '../engine/workflow-lead/lead-request.ts'
import type { RunStore } from '../engine/workflow-runs/run-store.ts'
import type { HostScheduler } from './engine-surface.ts'
import { isLive } from './workflow-answers.ts'
import type { WorkflowDeclarations } from './workflow-declarations.ts'

/**
 * Replays a kept run in a token of its own, so that a long one holds up nobody. Throws `conflict` while the run goes on,
 * `unsupported` for a trace without evidence, and what the replay itself throws.
 */
export async function replayKept(
  row: WorkflowRunRow,
  store: RunStore,
  scheduler: HostScheduler,
  declarations: WorkflowDeclarations,
): Promise<RunReplay> {
  if (isLive(row)) throw new GuardhouseError('conflict', `${row.id} goes on; it can be replayed once it has ended`)
  const evidence = store.eventsPath(row.id)
  if (!isEvidencePath(evidence)) {
    throw new GuardhouseError('unsupported', `${row.id} is a trace without evidence`, {
      hint: 'A trace alone does not hold what a replay needs. Import the file *.evidence.ndjson of the run.',
    })
  }
  const graph = (await store.graph(row.id)) ?? (await declarations.graph(row.workflow, row.hash))
  const workspace = graph === null ? await declarations.snapshotFolder(row.workflow) : null
  const request: ReplayRequest = { evidence, graph, workspace }
  const { sequence } = scheduler.submit(replayLead, [request], {})
  const { state, value, error } = await scheduler.settlement(scheduler.idOf(sequence))
  if (state === 'COMPLETED') return runReplay.parse(value)
  throw new GuardhouseError(error?.kind ?? 'operation-failed', error?.message ?? `the replay ended as ${state}`, {
    hint: error?.hint,
  })
}
