/** Operations of the host itself that carry runs of workflows. */
export const graphLead = 'guardhouse.workflow'
export const snapshotLead = 'guardhouse.snapshotWorkflow'

/** What the lead of a run is given; plain data. The graph itself lies in the folder of the run. */
export interface GraphLeadRequest {
  /** Seal of the graph. */
  readonly hash: string
  /** Null: it lies in the folder of the run. */
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
  /** Change stores only when the run has succeeded, then all at once. */
  readonly transaction: boolean
}

/** What a lead gives: plain data, bounded by what the operations gave. */
export interface LeadResult {
  readonly status: string
  readonly result: unknown
}

/** Where the sealed graph of a run lies. */
export function graphPathIn(folder: string): string {
  return `${folder}/graph.json`
}

/** Where a payload with secrets lies until its run has ended. */
export function payloadPathIn(folder: string): string {
  return `${folder}/payload.json`
}

export function tracePathIn(folder: string): string {
  return `${folder}/run.jsonl`
}
