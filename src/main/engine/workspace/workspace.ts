import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { ModuleReport } from '../../../shared/model/operation.ts'
import type { RunnableOperation } from '../scheduler/scheduler-types.ts'
import { mapBounded } from './bounded-parallel.ts'
import { type CompileSettings, compileModules } from './compile-modules.ts'
import {
  defaultFolderLimits,
  type FolderLimits,
  type FolderSnapshot,
  fingerprint,
  type SourceFile,
  takeSnapshot,
} from './folder-snapshot.ts'
import { FolderWatcher } from './folder-watcher.ts'
import { reportModules, type ScannedModule } from './module-reports.ts'
import { defaultScanLimits, type ScanLimits, scanModule } from './module-scan.ts'
import { versionedUrl } from './module-version.ts'
import type { ScanMessage } from './scan-message.ts'
import { isOperationsModule } from './source-file.ts'
import { resolveWorkspaceFolder } from './workspace-folder.ts'
import { pathInWorkspace } from './workspace-path.ts'

export interface WorkspaceSettings {
  /** Entry of the throw-away threads that read modules. */
  readonly scanEntry: URL
  /** What `import 'guardhouse'` means inside a module. */
  readonly sdkEntry: URL
  /** Where compiled code is found by all threads; without it, each compiles what it loads. */
  readonly compile?: CompileSettings | undefined
  readonly folderLimits?: FolderLimits
  readonly scanLimits?: ScanLimits
  /** Changed files closer together than this are read once, milliseconds. */
  readonly debounce?: number
}

/** Each module loads in a thread of its own; more at a time than this would only take cores from the work. */
const scansAtOnce = Math.min(4, availableParallelism())

/** A scan and the hashes of the files it loaded: it stays true while they do. */
interface KeptScan {
  readonly message: ScanMessage
  readonly read: ReadonlyMap<string, string | null>
}

/**
 * A folder of operations: every `*.ops.{ts,mts,js,mjs}` in it, read in throw-away threads and read again when code in the
 * folder changes. Whether the folder is trusted is for the caller to ask first: opening it runs its code.
 *
 * All modules share one version, a fingerprint of all the code in the folder. Any change gives all of them new URLs, so that
 * they never run with helpers of different ages.
 */
export class Workspace implements Disposable {
  /** Absolute path, links resolved. */
  readonly path: string
  readonly #settings: WorkspaceSettings
  readonly #watcher: FolderWatcher
  readonly #stop = new AbortController()
  readonly #listeners = new Set<() => void>()
  readonly #watchNotices = new Set<string>()
  readonly #scans = new Map<string, KeptScan>()
  #snapshot: FolderSnapshot = { files: new Map(), folders: [], notices: [] }
  #version = ''
  #reloads = 0
  #reports: readonly ModuleReport[] = []
  #reading: Promise<void> = Promise.resolve()

  private constructor(path: string, settings: WorkspaceSettings) {
    this.path = path
    this.#settings = settings
    this.#watcher = new FolderWatcher({
      root: path,
      debounce: settings.debounce ?? 100,
      onChange: () => void this.#readInTurn().catch((error: unknown) => this.#couldNotRead(error)),
      onProblem: (sentence) => this.#watchNotices.add(sentence),
    })
  }

  /**
   * Opens the folder and reads every module once.
   * @throws GuardhouseError `bad-request`, `not-found` or `not-allowed` for a path that is no readable folder. Modules that do not load
   * are reported, not thrown. A folder without any is open too: the first one appears when it is saved.
   */
  static async open(path: string, settings: WorkspaceSettings): Promise<Workspace> {
    const workspace = new Workspace(await resolveWorkspaceFolder(path), settings)
    try {
      await workspace.#readInTurn()
      return workspace
    } catch (error) {
      workspace.dispose()
      throw error
    }
  }

  /** Fingerprint of all the code as it was read last. */
  get version(): string {
    return this.#version
  }

  /** One for each operations module, by path. */
  reports(): readonly ModuleReport[] {
    return this.#reports
  }

  /** Every operation of the modules that load. */
  runnable(): readonly RunnableOperation[] {
    return this.#reports.flatMap(({ module, operations }) => {
      const moduleUrl = versionedUrl(join(this.path, module), this.#version)
      return operations.map(({ operationType, tags }) => ({ operationType, tags, moduleUrl }))
    })
  }

  /** What was not looked at and why, and that there is nothing to run, one sentence each. */
  notices(): readonly string[] {
    const nothing = this.#reports.length === 0 ? [nothingToRun(this.path)] : []
    return [...nothing, ...this.#snapshot.notices, ...this.#watchNotices]
  }

  /** Calls `listener` after code changed and was read again. Returns how to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Reads every module again, also when nothing seems to have changed: files outside of the folder may have. */
  async reload(): Promise<void> {
    this.#reloads += 1
    this.#scans.clear()
    await this.#readInTurn()
  }

  /** Stops watching and ends scans under way. What was read stays readable. */
  dispose(): void {
    this.#stop.abort()
    this.#watcher[Symbol.dispose]()
    this.#listeners.clear()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  #readInTurn(): Promise<void> {
    const read = () => this.#read()
    this.#reading = this.#reading.then(read, read)
    return this.#reading
  }

  /** Nobody waits for a reading that a changed file began. */
  #couldNotRead(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error)
    this.#watchNotices.add(`Changed code could not be read again: ${why}`)
  }

  async #read(): Promise<void> {
    const limits = this.#settings.folderLimits ?? defaultFolderLimits
    let snapshot = await takeSnapshot(this.path, limits)
    // What changed after the look and before the watch would otherwise go unseen.
    if (this.#watcher.watch(snapshot.folders)) snapshot = await takeSnapshot(this.path, limits)
    const version = fingerprint(snapshot, String(this.#reloads))
    if (version === this.#version) return
    const { compile } = this.#settings
    if (compile !== undefined) await compileModules(this.path, snapshot, compile, this.#stop.signal)
    const modules = [...snapshot.files].filter(([path]) => isOperationsModule(path))
    const scanned = await mapBounded(modules, scansAtOnce, ([module, file]) =>
      this.#scan(module, file, snapshot, version),
    )
    if (this.#stop.signal.aborted) return
    this.#snapshot = snapshot
    this.#version = version
    this.#reports = reportModules(scanned)
    for (const module of this.#scans.keys()) if (!snapshot.files.has(module)) this.#scans.delete(module)
    for (const listener of this.#listeners) listener()
  }

  async #scan(module: string, file: SourceFile, snapshot: FolderSnapshot, version: string): Promise<ScannedModule> {
    if (file.hash === null) return { module, file, scan: null }
    const kept = this.#scans.get(module)
    if (kept !== undefined && stillTrue(kept, snapshot)) return { module, file, scan: kept.message }
    const message = await scanModule({
      moduleUrl: versionedUrl(join(this.path, module), version),
      root: this.path,
      scanEntry: this.#settings.scanEntry,
      sdkEntry: this.#settings.sdkEntry,
      codeCache: this.#settings.compile?.codeCache,
      limits: this.#settings.scanLimits ?? defaultScanLimits,
      signal: this.#stop.signal,
    })
    this.#scans.set(module, { message, read: this.#hashesOf(message, snapshot) })
    return { module, file, scan: message }
  }

  #hashesOf(message: ScanMessage, snapshot: FolderSnapshot): ReadonlyMap<string, string | null> {
    if (message.state === 'failed') return new Map()
    const paths = message.files.map((file) => pathInWorkspace(this.path, file))
    return new Map(paths.map((path) => [path, snapshot.files.get(path)?.hash ?? null]))
  }
}

/** A failed module is always read again: what it lacked may have appeared. */
function stillTrue(kept: KeptScan, snapshot: FolderSnapshot): boolean {
  if (kept.message.state === 'failed') return false
  return [...kept.read].every(([path, hash]) => (snapshot.files.get(path)?.hash ?? null) === hash)
}

function nothingToRun(path: string): string {
  return `The folder ${path} holds no operations yet: save one in a file named *.ops.ts, *.ops.mts, *.ops.js or *.ops.mjs, in it or below it, and it can be run.`
}
