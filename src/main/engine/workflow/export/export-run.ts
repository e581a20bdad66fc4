import { renameSync, writeFileSync } from 'node:fs'
import { GuardhouseError } from '../../../../shared/errors.ts'
import type { VisitedRun } from '../diff/run-visits.ts'
import type { DomainSnapshot } from '../snapshot/load.ts'
import { evidenceSummary } from './evidence-summary.ts'
import { runPicture, type WalkedPart } from './run-picture.ts'
import { summaryMarkdown } from './summary.ts'
import { type WorkflowGraph, workflowGraph } from './workflow-graph.ts'

export const exportForms = ['md', 'svg', 'png'] as const
export type ExportForm = (typeof exportForms)[number]

/** Throws a GuardhouseError `bad-request` for a form that there is not. */
export function readExportForm(text: string): ExportForm {
  const form = exportForms.find((each) => each === text)
  if (form !== undefined) return form
  throw new GuardhouseError('bad-request', `a run is exported as ${exportForms.join(', ')}, not as "${text}"`)
}

/** Makes a run's summary or picture. A picture needs the snapshot that the run was made from. */
export async function exportRun(
  run: VisitedRun,
  form: ExportForm,
  snapshot: () => DomainSnapshot,
): Promise<string | Uint8Array> {
  if (form === 'md') return summaryMarkdown(evidenceSummary(run))
  const { workflow, traceId } = run.run
  const graph = workflowGraph(snapshot(), workflow)
  const title = `${workflow}  ${traceId}`
  if (form === 'svg') return runPicture(title, graph, walkedPart(run, graph))
  // A native library, loaded only by who wants a picture.
  const { rasterise, usableLettering } = await import('./rasterise.ts')
  return rasterise(runPicture(title, graph, walkedPart(run, graph), usableLettering()))
}

/** Writes a file so that it is there as a whole or not at all. */
export function writeExport(path: string, content: string | Uint8Array): void {
  const draft = `${path}.${process.pid}.draft`
  writeFileSync(draft, content)
  renameSync(draft, path)
}

/**
 * The nodes and edges of the drawn graph along which the run went. Tables of the older dialect name a contract, not the place
 * where it stands: of several places it is the one that the last answer leads to. Exits they do not name at all.
 */
function walkedPart({ visits }: VisitedRun, { nodes, edges }: WorkflowGraph): WalkedPart {
  const walkedNodes = new Set<string>()
  const walkedEdges = new Set<string>()
  let reached: readonly string[] = []
  for (const { enter, leave } of visits) {
    const { id, name } = enter.node
    const places = nodes.filter((node) => node.id === id || node.name === name).map((node) => node.id)
    const place = places.find((each) => reached.includes(each)) ?? places[0] ?? id
    const status = leave?.status ?? ''
    walkedNodes.add(place)
    walkedEdges.add(`${place} ${status}`)
    reached = edges.filter((edge) => edge.from === place && edge.status === status).map(({ to }) => to)
  }
  for (const to of reached) if (nodes.some(({ id, kind }) => id === to && kind === 'exit')) walkedNodes.add(to)
  return { nodes: walkedNodes, edges: walkedEdges }
}
