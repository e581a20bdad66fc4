import type { SealedGraph } from '../../../../shared/model/workflow-graph.ts'
import type { EvidenceLines } from '../evidence/evidence-reader.ts'
import { findWorkflow } from '../run/walk.ts'
import { load } from '../snapshot/load.ts'
import { broken, type ReplayReport, requireWalkable } from './finished-evidence.ts'
import { replay } from './replay.ts'
import { replayGraph } from './replay-graph.ts'

/** What the run of an evidence was made of; null: it is not at hand. */
export interface RunOrigin {
  readonly graph: SealedGraph | null
  /** Folder of the snapshots. */
  readonly workspace: string | null
}

/** Replays the run of an evidence, whatever kind it is. Throws as `replay` does, and when what it was made of is missing. */
export async function replayRun(evidence: EvidenceLines, { graph, workspace }: RunOrigin): Promise<ReplayReport> {
  const { source, workflow } = requireWalkable(evidence).run
  if (source.type === 'graph') {
    if (graph === null) throw broken(`the graph of ${workflow} does not lie beside ${evidence.path}`)
    return await replayGraph(evidence, graph)
  }
  if (workspace === null) throw broken(`the snapshot of ${workflow} is not at hand: open its workspace`)
  return await replay(evidence, (run) => findWorkflow(load(workspace).domain(run.domain), run.workflow))
}
