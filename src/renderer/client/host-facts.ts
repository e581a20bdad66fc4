import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ContractClient } from '../../shared/contract/client.ts'
import { contractVersion } from '../../shared/contract/index.ts'
import type { OperationInfo, WorkspaceInfo } from '../../shared/contract/operations.ts'
import type { HostEvent, SystemInfo } from '../../shared/contract/system.ts'
import type { HostConnection } from './connection.ts'
import type { HostEvents } from './host-events.ts'

/** What changes seldom and what every page needs. Each is null until it is known. */
export interface HostFactsState {
  readonly info: SystemInfo | null
  readonly workspace: WorkspaceInfo | null
  /** Their counts are those of the last change of the workspace; ask `operations.list` for live ones. */
  readonly operations: readonly OperationInfo[] | null
  /** Why the facts could not be read; null when they could. */
  readonly problem: string | null
}

/** Reads the facts on every new connection, and again when the host says that they changed. */
export class HostFacts implements Disposable {
  readonly store: StoreApi<HostFactsState> = createStore(() => ({
    info: null as SystemInfo | null,
    workspace: null as WorkspaceInfo | null,
    operations: null as readonly OperationInfo[] | null,
    problem: null as string | null,
  }))
  readonly #undo: readonly (() => void)[]
  #client: ContractClient | null = null
  #names: ReadonlyMap<number, string> = new Map()

  constructor(connection: HostConnection, events: HostEvents) {
    this.#undo = [
      connection.store.subscribe((state) => this.#setClient(state.client)),
      events.subscribe((event) => this.#hear(event)),
    ]
    this.#setClient(connection.store.getState().client)
  }

  /** Name of the operation that telemetry frames call `index`. */
  operationName(index: number): string {
    return this.#names.get(index) ?? `operation ${index}`
  }

  /** Takes over what a call that changes the workspace answered, without waiting for the event. */
  setWorkspace(workspace: WorkspaceInfo): void {
    this.store.setState({ workspace })
  }

  [Symbol.dispose](): void {
    for (const undo of this.#undo) undo()
  }

  #setClient(client: ContractClient | null): void {
    if (client === this.#client) return
    this.#client = client
    if (client !== null) void this.#read(client, true)
  }

  #hear(event: HostEvent): void {
    if (event.kind === 'options-changed' && this.#client !== null) void this.#read(this.#client, true)
    if (event.kind !== 'workspace-changed' && event.kind !== 'paused-changed' && event.kind !== 'dropped') return
    if (this.#client !== null) void this.#read(this.#client, false)
  }

  async #read(client: ContractClient, withInfo: boolean): Promise<void> {
    try {
      const [info, workspace, { operations }] = await Promise.all([
        withInfo ? client.call('system.info', {}) : this.store.getState().info,
        client.call('workspace.get', {}),
        client.call('operations.list', {}),
      ])
      if (client !== this.#client) return
      this.#names = new Map(operations.map((operation) => [operation.index, operation.operation]))
      this.store.setState({ info, workspace, operations, problem: contractProblem(info) })
    } catch (error) {
      if (client === this.#client && client.closed === null) this.store.setState({ problem: String(error) })
    }
  }
}

function contractProblem(info: SystemInfo | null): string | null {
  if (info === null || info.contract === contractVersion) return null
  return `This page speaks version ${contractVersion} of the contract and the host version ${info.contract}: reload the page.`
}
