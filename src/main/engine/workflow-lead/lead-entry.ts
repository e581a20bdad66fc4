import { leadGraph } from './graph-lead.ts'
import { leadOperation } from './lead-operation.ts'
import { graphLead } from './lead-request.ts'

/** Module of the operations that carry runs of workflows; workers import it as they import a workspace's modules. */

export const workflow = leadOperation(graphLead, { weight: 'light' }, leadGraph)
