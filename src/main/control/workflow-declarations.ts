import type { WorkflowInfo } from '../../shared/contract/workflows.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import type { PreparedRun, PrepareRequest, WorkspaceFolder } from '../engine/workflow-thread/prepare-run.ts'
import type { WorkflowThread } from '../engine/workflow-thread/workflow-thread.ts'
import type { WorkspaceSession } from './workspace-session.ts'

/** The workflows that the open workspace declares. They are looked for whenever somebody asks: files of data change unseen. */
export class WorkflowDeclarations {
  readonly #workspace: WorkspaceSession
  readonly #thread: WorkflowThread

  constructor(workspace: WorkspaceSession, thread: WorkflowThread) {
    this.#workspace = workspace
    this.#thread = thread
  }

  /** Of the open workspace; null while none is. */
  get folder(): string | null {
    const { state, path } = this.#workspace.info()
    return state === 'ready' ? path : null
  }

  /** Hashes of the workspace's modules by path. */
  get moduleHashes(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#workspace.reports().map(({ module, hash }) => [module, hash]))
  }

  /** What is needed to find a workflow in it; null while none is open. */
  get open(): WorkspaceFolder | null {
    const { folder } = this
    if (folder === null) return null
    const operations = this.#workspace
      .reports()
      .flatMap((report) => report.operations.map((each) => each.operationType))
    return { folder, operations }
  }

  async list(): Promise<readonly WorkflowInfo[]> {
    const { open } = this
    return open === null ? [] : await this.#thread.ask('list', open)
  }

  /** Throws as `prepareRun` does, and `not-found` while no workspace is open. */
  async prepare(run: Omit<PrepareRequest, keyof WorkspaceFolder>): Promise<PreparedRun> {
    const { open } = this
    if (open !== null) return await this.#thread.ask('prepare', { ...open, ...run })
    throw new GuardhouseError('not-found', `there is no workflow ${JSON.stringify(run.workflow)}`, {
      hint: 'Open the workspace that declares it.',
    })
  }
}
