import { isAbsolute } from 'node:path'
import type { WorkspaceInfo } from '../../shared/contract/operations.ts'
import { type ErrorData, GuardhouseError } from '../../shared/errors.ts'
import type { ModuleReport } from '../../shared/model/operation.ts'
import type { RunnableOperation } from '../engine/scheduler/scheduler-types.ts'
import { resolveWorkspaceFolder } from '../engine/workspace/workspace-folder.ts'
import type { FolderTrust, LoadedWorkspace } from './engine-surface.ts'
import { publicError } from './rpc-message.ts'

interface WorkspaceSessionParts {
  readonly trust: FolderTrust
  /** Folder of the sample; trusted because it ships with Guardhouse. */
  readonly samplePath: string
  readonly load: (path: string) => Promise<LoadedWorkspace>
  /** Hears of the operations that can run from now on. */
  readonly onOperations: (operations: readonly RunnableOperation[]) => void
  /** Hears that `info()` has changed. */
  readonly onChange: (generation: number) => void
  /** Hears what a person should know about a folder, one sentence at a time. */
  readonly onNotice: (sentence: string) => void
}

type Session =
  | { readonly state: 'none' }
  | { readonly state: 'untrusted'; readonly path: string }
  | { readonly state: 'loading'; readonly path: string; readonly previous: Session }
  | {
      readonly state: 'ready'
      readonly path: string
      readonly workspace: LoadedWorkspace
      readonly unwatch: () => void
    }
  | { readonly state: 'failed'; readonly path: string; readonly error: ErrorData }

/** Which workspace is open. One change at a time: what is asked for meanwhile waits its turn. */
export class WorkspaceSession {
  readonly #parts: WorkspaceSessionParts
  #session: Session = { state: 'none' }
  #generation = 0
  #lastChange: Promise<unknown> = Promise.resolve()

  constructor(parts: WorkspaceSessionParts) {
    this.#parts = parts
  }

  info(): WorkspaceInfo {
    const session = this.#session
    const path = 'path' in session ? session.path : null
    return {
      state: session.state,
      path,
      sample: path === this.#parts.samplePath,
      modules: this.reports().map(moduleInfo),
      error: session.state === 'failed' ? session.error : null,
      generation: this.#generation,
      recent: [...this.#parts.trust.recent()],
    }
  }

  /** What the open workspace's modules declare; while another one loads, still those of the one before. */
  reports(): readonly ModuleReport[] {
    const session = this.#inForce()
    return session.state === 'ready' ? session.workspace.reports() : []
  }

  /**
   * Opens a folder; one that no person has trusted yet is only named, and nothing of it is read. When the folder cannot be
   * opened this rejects, and what was open stays.
   */
  open(path: string): Promise<WorkspaceInfo> {
    return this.#inTurn(async () => {
      const folder = await resolveFolder(path)
      const trusted = folder === this.#parts.samplePath || (await this.#parts.trust.isTrusted(folder))
      if (trusted) await this.#load(folder)
      else this.#askForTrust(folder)
    })
  }

  openSample(): Promise<WorkspaceInfo> {
    return this.open(this.#parts.samplePath)
  }

  /** Opens a folder, or the `sample`, with nobody there to hear of an error: it becomes part of `info()`. */
  async openAtStart(pathOrSample: string): Promise<void> {
    const path = pathOrSample === 'sample' ? this.#parts.samplePath : pathOrSample
    try {
      await this.open(path)
    } catch (error) {
      if (this.#session.state === 'none') this.#replace({ state: 'failed', path, error: publicError(error) })
    }
  }

  /** Remembers that a person trusts the folder that waits for it, and loads it. Throws `conflict` for any other folder. */
  trust(path: string): Promise<WorkspaceInfo> {
    return this.#inTurn(async () => {
      const folder = await resolveFolder(path)
      const session = this.#session
      if (session.state === 'ready' && session.path === folder) return
      if (session.state !== 'untrusted' || session.path !== folder) {
        throw new GuardhouseError('conflict', `${path} is not the folder that waits to be trusted`, {
          hint: session.state === 'untrusted' ? `That is ${session.path}.` : 'Open it first, and look at what it is.',
        })
      }
      await this.#trustForGood(folder)
      await this.#load(folder)
    })
  }

  /** Reads every module again. Throws `conflict` when nothing is open, `not-allowed` when the folder is not trusted. */
  reload(): Promise<WorkspaceInfo> {
    return this.#inTurn(async () => {
      const session = this.#session
      if (session.state === 'ready') {
        await session.workspace.reload()
      } else if (session.state === 'failed') {
        await this.#load(await resolveFolder(session.path))
      } else if (session.state === 'untrusted') {
        throw new GuardhouseError('not-allowed', `${session.path} is not trusted, so nothing of it is read`, {
          hint: 'Trust the folder first.',
        })
      } else {
        throw new GuardhouseError('conflict', 'no workspace is open', { hint: 'Open a folder of operations first.' })
      }
    })
  }

  /** Closes what is open, after the change under way. */
  async dispose(): Promise<void> {
    await this.#inTurn(async () => this.#release(this.#session))
  }

  async #inTurn(change: () => Promise<void>): Promise<WorkspaceInfo> {
    const turn = this.#lastChange.then(change)
    // The next in turn does not care how this one went; who asked does.
    this.#lastChange = turn.catch(() => undefined)
    await turn
    return this.info()
  }

  async #load(path: string): Promise<void> {
    const previous = this.#session
    this.#session = { state: 'loading', path, previous }
    this.#announceState()
    try {
      const workspace = await this.#parts.load(path)
      const unwatch = workspace.onChange(() => this.#announce())
      this.#replace({ state: 'ready', path, workspace, unwatch })
      for (const sentence of workspace.notices()) this.#parts.onNotice(sentence)
    } catch (error) {
      this.#session = previous.state === 'ready' ? previous : { state: 'failed', path, error: publicError(error) }
      this.#announceState()
      throw error
    }
    if (path !== this.#parts.samplePath) await this.#remember(path)
  }

  #askForTrust(path: string): void {
    this.#replace({ state: 'untrusted', path })
    // It says why folders trusted before are asked about again.
    const { notice } = this.#parts.trust
    if (notice !== null) this.#parts.onNotice(notice)
  }

  async #trustForGood(path: string): Promise<void> {
    try {
      await this.#parts.trust.trust(path)
    } catch (cause) {
      throw new GuardhouseError('not-allowed', `that ${path} is trusted cannot be written down: ${messageOf(cause)}`, {
        hint: 'Make the state directory of Guardhouse writable.',
        cause,
      })
    }
  }

  /** A list of recent folders that cannot be kept is no reason not to open one. */
  async #remember(path: string): Promise<void> {
    try {
      await this.#parts.trust.remember(path)
    } catch (error) {
      this.#parts.onNotice(`The list of recent folders cannot be written: ${messageOf(error)}`)
    }
  }

  #replace(next: Session): void {
    const previous = this.#inForce()
    this.#session = next
    this.#announce()
    this.#release(previous)
  }

  /** While another folder loads, the one before it goes on. */
  #inForce(): Session {
    return this.#session.state === 'loading' ? this.#session.previous : this.#session
  }

  #release(session: Session): void {
    if (session.state !== 'ready') return
    session.unwatch()
    session.workspace.dispose()
  }

  /** The operations may have changed. */
  #announce(): void {
    const session = this.#inForce()
    this.#parts.onOperations(session.state === 'ready' ? session.workspace.runnable() : [])
    this.#announceState()
  }

  #announceState(): void {
    this.#generation += 1
    this.#parts.onChange(this.#generation)
  }
}

/** Throws one clear error for whatever a path may lead to that is no readable folder. */
function resolveFolder(path: string): Promise<string> {
  if (isAbsolute(path)) return resolveWorkspaceFolder(path)
  throw new GuardhouseError('bad-request', `the path of a workspace must be absolute: ${path}`, {
    hint: 'The host may run in another folder than you: give the path from the root.',
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function moduleInfo(report: ModuleReport): WorkspaceInfo['modules'][number] {
  const { module, state, operations, error } = report
  return { module, state, operations: operations.map((operation) => operation.operationType), error }
}
