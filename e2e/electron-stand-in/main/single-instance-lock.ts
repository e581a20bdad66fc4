import {
  type FSWatcher,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { isProcessAlive } from '../process/is-process-alive.ts'

/** What a later instance tells the first before it ends. */
export interface SecondInstance {
  readonly argv: readonly string[]
  readonly workingDirectory: string
  readonly additionalData: unknown
}

/**
 * Makes one process the only one for a data folder. Everything is done by files, because asking for the lock is
 * synchronous in Electron and the later instance usually ends right after it got no for an answer.
 */
export class SingleInstanceLock {
  readonly #lockFile: string
  readonly #mailbox: string
  readonly #onSecondInstance: (instance: SecondInstance) => void
  #watcher: FSWatcher | null = null

  constructor(dataFolder: string, onSecondInstance: (instance: SecondInstance) => void) {
    this.#lockFile = path.join(dataFolder, 'single-instance.pid')
    this.#mailbox = path.join(dataFolder, 'second-instances')
    this.#onSecondInstance = onSecondInstance
  }

  get isHeld(): boolean {
    return this.#watcher !== null
  }

  /** True when this process holds the lock now. Otherwise the holder has been told what `introduction` says. */
  request(introduction: SecondInstance): boolean {
    if (this.isHeld) return true
    mkdirSync(this.#mailbox, { recursive: true })
    if (!this.#claim()) {
      this.#introduce(introduction)
      return false
    }
    for (const name of readdirSync(this.#mailbox)) rmSync(path.join(this.#mailbox, name))
    this.#watcher = watch(this.#mailbox, () => this.#readMailbox()).unref()
    return true
  }

  release(): void {
    if (!this.isHeld) return
    this.#watcher?.close()
    this.#watcher = null
    rmSync(this.#mailbox, { recursive: true, force: true })
    rmSync(this.#lockFile, { force: true })
  }

  #claim(): boolean {
    // Written first and then linked, so that nobody ever reads half a lock.
    const own = `${this.#lockFile}.${process.pid}`
    writeFileSync(own, `${process.pid}`)
    try {
      linkSync(own, this.#lockFile)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      rmSync(own)
    }
    if (isProcessAlive(this.#holder())) return false
    // Left behind by an instance that was killed.
    rmSync(this.#lockFile, { force: true })
    return this.#claim()
  }

  #holder(): number {
    return Number(readFileSync(this.#lockFile, 'utf8'))
  }

  #introduce(introduction: SecondInstance): void {
    const unfinished = path.join(this.#mailbox, `${process.pid}.unfinished`)
    writeFileSync(unfinished, JSON.stringify(introduction))
    renameSync(unfinished, path.join(this.#mailbox, `${process.pid}.json`))
  }

  #readMailbox(): void {
    for (const name of readdirSync(this.#mailbox)) {
      if (!name.endsWith('.json')) continue
      const file = path.join(this.#mailbox, name)
      const introduction = JSON.parse(readFileSync(file, 'utf8')) as SecondInstance
      rmSync(file)
      this.#onSecondInstance(introduction)
    }
  }
}
