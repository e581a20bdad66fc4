import { type WorkflowInfo, workflowInfo } from '../../shared/contract/workflows.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import type { SealedGraph } from '../../shared/model/workflow-graph.ts'
import { nearestName } from '../../shared/nearest-name.ts'
import { type GraphFile, readGraphFiles } from '../engine/workflow/graph/graph-files.ts'
import { snapshotWorkflows } from './snapshot-workflows.ts'
import type { WorkspaceSession } from './workspace-session.ts'

/** A workflow that can be started. */
export type Startable = StartableGraph | StartableSnapshot

/** One of a sealed snapshot in the workspace's folder. */
export interface StartableSnapshot {
  readonly kind: 'snapshot'
  readonly name: string
  /** Folder of the snapshots. */
  readonly workspace: string
  /** Contracts of its tables; how many of them a run visits is not known before. */
  readonly nodes: number
}

export interface StartableGraph {
  readonly kind: 'graph'
  readonly graph: SealedGraph
  readonly hash: string
  /** The workspace's modules: hashes by path. */
  readonly files: Readonly<Record<string, string>>
}

/** The workflows that the open workspace declares. They are read anew whenever somebody asks: files of data change unseen. */
export class WorkflowDeclarations {
  readonly #workspace: WorkspaceSession

  constructor(workspace: WorkspaceSession) {
    this.#workspace = workspace
  }

  async list(): Promise<WorkflowInfo[]> {
    const snapshots = await snapshotWorkflows(this.#folder())
    return [...(await this.#read()).map(describe), ...snapshots]
  }

  /** Throws `not-found` for a name that is none, and `bad-request` with the first problem of one that cannot be run. */
  async find(name: string): Promise<Startable> {
    const files = await this.#read()
    const found = files.find((file) => file.name === name)
    const folder = this.#folder()
    const sealed =
      found === undefined ? (await snapshotWorkflows(folder)).find((each) => each.name === name) : undefined
    if (sealed !== undefined && folder !== null) {
      if (sealed.hash === null)
        throw new GuardhouseError('bad-request', `${name} cannot be run: ${sealed.problems[0]?.message}`)
      return { kind: 'snapshot', name, workspace: folder, nodes: sealed.nodes }
    }
    if (found === undefined) throw unknown(name, files)
    const { graph, hash, problems, file } = found
    if (graph !== null && hash !== null) return { kind: 'graph', graph, hash, files: this.#moduleHashes() }
    const [first] = problems
    const where = first === undefined ? file : `${file}:${first.line}:${first.column}`
    const more = problems.length > 1 ? `, and ${problems.length - 1} more problems` : ''
    throw new GuardhouseError(
      'bad-request',
      `${name} cannot be run: ${where}: ${first?.message ?? 'unknown why'}${more}`,
      {
        hint: first?.hint ?? 'Mend the file and start it again.',
      },
    )
  }

  /** The declared graph of that seal: what an evidence from elsewhere was made of. Null when there is none. */
  async graph(workflow: string, hash: string | null): Promise<SealedGraph | null> {
    const files = await this.#read()
    return files.find((file) => file.name === workflow && file.hash === hash)?.graph ?? null
  }

  /** Where the snapshot of a workflow lies; null when the open workspace has none of it. */
  async snapshotFolder(workflow: string): Promise<string | null> {
    const folder = this.#folder()
    const known = (await snapshotWorkflows(folder)).some(({ name }) => name === workflow)
    return known ? folder : null
  }

  /** Of the open workspace; null while none is. */
  #folder(): string | null {
    const { state, path } = this.#workspace.info()
    return state === 'ready' ? path : null
  }

  async #read(): Promise<readonly GraphFile[]> {
    const path = this.#folder()
    if (path === null) return []
    const operations = this.#workspace
      .reports()
      .flatMap((report) => report.operations.map((each) => each.operationType))
    return await readGraphFiles(path, operations)
  }

  #moduleHashes(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#workspace.reports().map(({ module, hash }) => [module, hash]))
  }
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

function unknown(name: string, files: readonly GraphFile[]): GuardhouseError {
  const names = files.map((file) => file.name)
  const meant = nearestName(name, names)
  const known = names.length === 0 ? 'The open workspace declares none.' : `There is ${names.slice(0, 12).join(', ')}.`
  return new GuardhouseError('not-found', `there is no workflow ${JSON.stringify(name)}`, {
    hint: meant === null ? known : `Did you mean ${meant}?`,
  })
}
