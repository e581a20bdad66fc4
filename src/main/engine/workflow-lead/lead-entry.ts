import { leadGraph } from './graph-lead.ts'
import { leadOperation } from './lead-operation.ts'
import { graphLead, type SnapshotLeadRequest, snapshotLead } from './lead-request.ts'

/** Module of the operations that carry runs of workflows; workers import it as they import a workspace's modules. */

export const workflow = leadOperation(graphLead, { weight: 'light' }, leadGraph)

export const snapshotWorkflow = leadOperation(
  snapshotLead,
  { weight: 'medium' },
  async (request: SnapshotLeadRequest) => {
    // The engine with its curves and word lists is loaded only by workers that run one.
    const { leadSnapshot } = await import('./snapshot-lead.ts')
    return await leadSnapshot(request)
  },
)
