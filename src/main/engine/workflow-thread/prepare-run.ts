import { mkdir, writeFile } from 'node:fs/promises'
import { type WorkflowInfo, workflowInfo } from '../../../shared/contract/workflows.ts'
import { GuardhouseError } from '../../../shared/errors.ts'
import { nearestName } from '../../../shared/nearest-name.ts'
import type { GraphFile } from '../workflow/graph/graph-files.ts'
import { secretsOfGraph } from '../workflow/graph/graph-secrets.ts'
import type { KnownGraphFiles } from '../workflow/graph/known-graph-files.ts'
import { completePayload } from '../workflow/graph/payload.ts'
import { graphPathIn, payloadPathIn } from '../workflow-lead/lead-request.ts'
import { snapshotWorkflows } from './snapshot-workflows.ts'

/** A workspace that is open. */
export interface WorkspaceFolder {
  readonly folder: string
  /** Names of its operations. */
  readonly operations: readonly string[]
}

export interface PrepareRequest extends WorkspaceFolder {
  readonly workflow: string
  readonly payload: unknown
  /** Folder of the run, which is made once everything is right. */
  readonly runFolder: string
}

/** A run that can be started: what its lead reads lies in its folder. */
export type PreparedRun = PreparedGraph | PreparedSnapshot

export interface PreparedGraph {
  readonly kind: 'graph'
  readonly hash: string
  readonly nodes: number
  readonly timeout: number | null
  /** Null: it holds secrets and lies in a file of the run. */
  readonly payload: Readonly<Record<string, unknown>> | null
}

export interface PreparedSnapshot {
  readonly kind: 'snapshot'
  /** Contracts of its tables; how many of them a run visits is not known before. */
  readonly nodes: number
}

export async function listWorkflows(
  known: KnownGraphFiles,
  { folder, operations }: WorkspaceFolder,
): Promise<WorkflowInfo[]> {
  const graphs = await known.read(folder, operations)
  return [...graphs.map(describe), ...(await snapshotWorkflows(folder))]
}

/**
 * Finds a workflow, completes its payload and puts what its lead reads into the folder of the run. Throws `not-found` for a
 * name that is none, and `bad-request` for a workflow that has problems or a payload that is not as declared; then nothing
 * is left behind.
 */
export async function prepareRun(known: KnownGraphFiles, request: PrepareRequest): Promise<PreparedRun> {
  const { folder, operations, workflow: name, payload, runFolder } = request
  const files = await known.read(folder, operations)
  const found = files.find((file) => file.name === name)
  if (found === undefined) return await prepareSnapshot(folder, name, files, runFolder)
  const { graph, hash } = found
  if (graph === null || hash === null) throw unrunnable(found)
  const complete = completePayload(graph, payload)
  const hasSecrets = secretsOfGraph(graph).length > 0
  await mkdir(runFolder, { recursive: true })
  await writeFile(graphPathIn(runFolder), JSON.stringify(graph))
  // The arguments of a token are shown to whoever looks at it, and kept; this file is gone with the end of the run.
  if (hasSecrets) await writeFile(payloadPathIn(runFolder), JSON.stringify(complete), { mode: 0o600 })
  const { timeout, nodes } = graph
  return { kind: 'graph', hash, nodes: nodes.length, timeout, payload: hasSecrets ? null : complete }
}

async function prepareSnapshot(
  folder: string,
  name: string,
  files: readonly GraphFile[],
  runFolder: string,
): Promise<PreparedSnapshot> {
  const snapshots = await snapshotWorkflows(folder)
  const found = snapshots.find((each) => each.name === name)
  if (found === undefined) throw unknown(name, [...files, ...snapshots])
  if (found.hash === null) {
    throw new GuardhouseError('bad-request', `${name} cannot be run: ${found.problems[0]?.message}`)
  }
  await mkdir(runFolder, { recursive: true })
  return { kind: 'snapshot', nodes: found.nodes }
}

function describe({ file, name, graph, hash, problems }: GraphFile): WorkflowInfo {
  return workflowInfo.parse({
    name,
    kind: 'graph',
    file,
    description: graph?.description ?? null,
    hash,
    nodes: graph?.nodes.length ?? 0,
    edges: graph?.edges.length ?? 0,
    payload: graph?.payload ?? null,
    problems,
  })
}

function unrunnable({ name, file, problems }: GraphFile): GuardhouseError {
  const [first] = problems
  const where = first === undefined ? file : `${file}:${first.line}:${first.column}`
  const more = problems.length > 1 ? `, and ${problems.length - 1} more problems` : ''
  const message = `${name} cannot be run: ${where}: ${first?.message ?? 'unknown why'}${more}`
  return new GuardhouseError('bad-request', message, { hint: first?.hint ?? 'Mend the file and start it again.' })
}

function unknown(name: string, workflows: readonly { readonly name: string }[]): GuardhouseError {
  const names = workflows.map((each) => each.name)
  const meant = nearestName(name, names)
  const known = names.length === 0 ? 'The open workspace declares none.' : `There is ${names.slice(0, 12).join(', ')}.`
  return new GuardhouseError('not-found', `there is no workflow ${JSON.stringify(name)}`, {
    hint: meant === null ? known : `Did you mean ${meant}?`,
  })
}
