import { isAbsolute, join } from 'node:path'
import { assertDefined } from '../../shared/assert.ts'
import type { WorkflowRunRow } from '../../shared/contract/workflows.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import {
  type GraphLeadRequest,
  graphLead,
  type SnapshotLeadRequest,
  snapshotLead,
} from '../engine/workflow-lead/lead-request.ts'
import type { PreparedGraph } from '../engine/workflow-thread/prepare-run.ts'
import type { HostJournal, HostScheduler } from './engine-surface.ts'
import { requireJournal } from './token-api.ts'
import type { WorkflowDeclarations } from './workflow-declarations.ts'
import type { WorkflowRuns } from './workflow-runs.ts'

export interface StartSettings {
  /** Longest run, milliseconds. */
  readonly timeout?: number | undefined
  /** Of a snapshot: folder of its stores. */
  readonly dataRoot?: string | undefined
  /** Of a snapshot: change stores only when the run has succeeded. */
  readonly transaction?: boolean | undefined
}

/** Null: nothing is kept. */
export type WorkflowJournal = Pick<HostJournal, 'trouble' | 'durable'> | null

/** Starts runs: each is a token whose lead finds what it needs in the folder of the run. */
export class WorkflowStarts {
  readonly #declarations: WorkflowDeclarations
  readonly #runs: WorkflowRuns
  readonly #scheduler: HostScheduler
  readonly #journal: WorkflowJournal

  constructor(
    declarations: WorkflowDeclarations,
    runs: WorkflowRuns,
    scheduler: HostScheduler,
    journal: WorkflowJournal,
  ) {
    this.#declarations = declarations
    this.#runs = runs
    this.#scheduler = scheduler
    this.#journal = journal
  }

  /** Throws what `prepareRun` and a submission throw, and `bad-request` for settings that do not fit; nothing is left then. */
  async start(workflow: string, payload: unknown, settings: StartSettings): Promise<WorkflowRunRow> {
    const { dataRoot } = settings
    if (dataRoot !== undefined && !isAbsolute(dataRoot)) {
      throw new GuardhouseError('bad-request', `the folder of stores must be absolute, not ${dataRoot}`)
    }
    requireJournal(this.#journal)
    const id = this.#runs.newId(workflow)
    try {
      const prepared = await this.#declarations.prepare({ workflow, payload, runFolder: this.#runs.folderOf(id) })
      const { kind, nodes } = prepared
      const token =
        kind === 'graph'
          ? this.#submitGraph(id, prepared, settings)
          : this.#submitSnapshot(id, workflow, payload, settings)
      const row = await this.#runs.begin({
        id,
        workflow,
        kind,
        nodes,
        token,
        hash: kind === 'graph' ? prepared.hash : null,
      })
      await this.#journal?.durable()
      return row
    } catch (error) {
      await this.#runs.store.remove(id)
      throw error
    }
  }

  #submitGraph(id: string, { hash, payload, timeout }: PreparedGraph, settings: StartSettings): string {
    if (settings.dataRoot !== undefined || settings.transaction === true) {
      const hint = 'A workflow of operations has no stores: what they write is theirs.'
      throw new GuardhouseError('bad-request', 'only a workflow of a snapshot has stores', { hint })
    }
    const folder = this.#runs.folderOf(id)
    const request: GraphLeadRequest = { hash, payload, traceId: id, folder, files: this.#declarations.moduleHashes }
    return this.#submit(graphLead, request, settings.timeout ?? timeout ?? undefined)
  }

  #submitSnapshot(id: string, workflow: string, payload: unknown, settings: StartSettings): string {
    const workspace = assertDefined(this.#declarations.folder ?? undefined, 'a run was just prepared from it')
    const { timeout, dataRoot = join(workspace, 'data'), transaction = false } = settings
    const folder = this.#runs.folderOf(id)
    const request: SnapshotLeadRequest = { workflow, workspace, dataRoot, payload, traceId: id, folder, transaction }
    return this.#submit(snapshotLead, request, timeout)
  }

  #submit(lead: string, request: object, timeout: number | undefined): string {
    const { sequence } = this.#scheduler.submit(lead, [request], timeout === undefined ? {} : { timeout })
    return this.#scheduler.idOf(sequence)
  }
}
