import { readFile } from 'node:fs/promises'
import type { RunReplay } from '../../../shared/contract/workflows.ts'
import type { SealedGraph } from '../../../shared/model/workflow-graph.ts'
import { EvidenceReader } from '../workflow/evidence/evidence-reader.ts'
import type { EvidenceRecord } from '../workflow/evidence/evidence-record.ts'
import { nodesByVisit, placeOf } from '../workflow/evidence/place.ts'
import type { KnownGraphFiles } from '../workflow/graph/known-graph-files.ts'
import { toPlain } from '../workflow/graph/plain-json.ts'
import { requireWalkable } from '../workflow/replay/finished-evidence.ts'
import { replayRun } from '../workflow/replay/replay-run.ts'
import { valuePreview } from '../workflow-runs/value-preview.ts'
import type { WorkspaceFolder } from './prepare-run.ts'

export interface ReplayRequest {
  /** Path of the evidence. */
  readonly evidence: string
  /** Path of the sealed graph; null for a run of a snapshot, and for an evidence from elsewhere. */
  readonly graph: string | null
  /** The workspace in which what is missing is looked for; null: none is open. */
  readonly open: WorkspaceFolder | null
}

/** Walks a kept run again; nothing outside is touched. Throws as `replayRun` does. */
export async function replayKept(
  known: KnownGraphFiles,
  { evidence, graph: path, open }: ReplayRequest,
): Promise<RunReplay> {
  using reader = new EvidenceReader(evidence)
  const graph = path === null ? await declaredGraph(known, reader, open) : await readGraph(path)
  const workspace = open?.folder ?? null
  const { difference, records, withheld, brokenOff, changedFiles } = await replayRun(reader, { graph, workspace })
  const summary = { same: difference === null, records, withheld, brokenOff, changed: [...changedFiles] }
  if (difference === null) return { ...summary, difference: null }
  const nodes = nodesByVisit([...reader.all()].map(({ record }) => record))
  const { record, line, field, reason, left, right } = difference
  return {
    ...summary,
    difference: {
      line: line + 1,
      place: placeOf(record, nodes),
      node: record === null ? null : (nodes.get(visitOf(record))?.id ?? null),
      field,
      reason,
      recorded: valuePreview(toPlain(left)),
      replayed: valuePreview(toPlain(right)),
    },
  }
}

async function readGraph(path: string): Promise<SealedGraph> {
  return JSON.parse(await readFile(path, 'utf8')) as SealedGraph
}

/** The graph of the open workspace that has the seal of the run; null where there is none. */
async function declaredGraph(
  known: KnownGraphFiles,
  evidence: EvidenceReader,
  open: WorkspaceFolder | null,
): Promise<SealedGraph | null> {
  const { source, workflow } = requireWalkable(evidence).run
  if (source.type !== 'graph' || open === null) return null
  const files = await known.read(open.folder, open.operations)
  return files.find(({ name, hash }) => name === workflow && hash === source.hash)?.graph ?? null
}

function visitOf(record: EvidenceRecord): number {
  return 'visit' in record ? record.visit : -1
}
