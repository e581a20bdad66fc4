import type { SealedGraph } from '../../../shared/model/workflow-graph.ts'

/** Operations of the host itself that carry runs of workflows. */
export const graphLead = 'guardhouse.workflow'
export const snapshotLead = 'guardhouse.snapshotWorkflow'
/** Walks a run that is kept again. */
export const replayLead = 'guardhouse.replay'

/** What the lead of a run is given; plain data. */
export interface GraphLeadRequest {
  readonly graph: SealedGraph
  readonly hash: string
  readonly payload: unknown
  readonly traceId: string
  /** Where the run's trace and evidence are written; the folder is there. */
  readonly folder: string
  /** Of the workspace's operation modules: hashes by path. */
  readonly files: Readonly<Record<string, string>>
}

export interface SnapshotLeadRequest {
  /** Full name of the workflow. */
  readonly workflow: string
  /** Folder of the snapshots. */
  readonly workspace: string
  readonly dataRoot: string
  readonly payload: unknown
  readonly traceId: string
  readonly folder: string
}

export interface ReplayRequest {
  /** Path of the evidence. */
  readonly evidence: string
  /** Null for a run of a snapshot. */
  readonly graph: SealedGraph | null
  /** Folder of the snapshots; null where there is none. */
  readonly workspace: string | null
}

/** What a lead gives: plain data, bounded by what the operations gave. */
export interface LeadResult {
  readonly status: string
  readonly result: unknown
}

export function tracePathIn(folder: string): string {
  return `${folder}/run.jsonl`
}
