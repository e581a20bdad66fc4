import { type FSWatcher, watch } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isSourceFile } from './source-file.ts'

export interface FolderWatcherSettings {
  readonly root: string
  /** Changes closer together than this are told once, milliseconds. */
  readonly debounce: number
  /** Code in a watched folder changed, appeared or disappeared; which one is not told. */
  readonly onChange: () => void
  /** Some folder cannot be watched; told once for each. */
  readonly onProblem: (sentence: string) => void
}

/**
 * Watches a set of folders for changed code. One watch per folder rather than a recursive one: on Linux that would also
 * open a watch for every file of node_modules.
 */
export class FolderWatcher implements Disposable {
  readonly #settings: FolderWatcherSettings
  readonly #watches = new Map<string, FSWatcher>()
  readonly #unwatchable = new Set<string>()
  #timer: NodeJS.Timeout | null = null
  #disposed = false

  constructor(settings: FolderWatcherSettings) {
    this.#settings = settings
  }

  /** Watches exactly these folders, given relative to the root. Returns true when some were not watched before. */
  watch(folders: readonly string[]): boolean {
    if (this.#disposed) return false
    const wanted = new Set(folders)
    for (const [folder, watcher] of this.#watches) {
      if (!wanted.has(folder)) this.#forget(folder, watcher)
    }
    const fresh = folders.filter((folder) => !this.#watches.has(folder) && !this.#unwatchable.has(folder))
    for (const folder of fresh) this.#begin(folder)
    return fresh.length > 0
  }

  [Symbol.dispose](): void {
    this.#disposed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    for (const [folder, watcher] of this.#watches) this.#forget(folder, watcher)
  }

  #begin(folder: string): void {
    try {
      const watcher = watch(join(this.#settings.root, folder), { persistent: false })
      watcher.on('change', (_event, name) => void this.#changed(folder, name === null ? null : String(name)))
      watcher.on('error', (error) => {
        this.#forget(folder, watcher)
        this.#problem(folder, error)
      })
      this.#watches.set(folder, watcher)
    } catch (error) {
      this.#unwatchable.add(folder)
      this.#problem(folder, error)
    }
  }

  #forget(folder: string, watcher: FSWatcher): void {
    watcher.close()
    this.#watches.delete(folder)
  }

  #problem(folder: string, error: unknown): void {
    const where = folder === '' ? 'the workspace' : folder
    const why = error instanceof Error ? error.message : String(error)
    this.#settings.onProblem(`Changes in ${where} are not seen by themselves (${why}): reload after a change.`)
  }

  async #changed(folder: string, name: string | null): Promise<void> {
    if (name === null || isSourceFile(name) || (await this.#isFolder(folder, name))) this.#schedule()
  }

  /** Also true for one that has just gone. */
  async #isFolder(folder: string, name: string): Promise<boolean> {
    if (this.#watches.has(folder === '' ? name : `${folder}/${name}`)) return true
    try {
      return (await stat(join(this.#settings.root, folder, name))).isDirectory()
    } catch {
      // Gone again, and it was no folder that we watched.
      return false
    }
  }

  #schedule(): void {
    if (this.#timer !== null || this.#disposed) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#settings.onChange()
    }, this.#settings.debounce)
  }
}
