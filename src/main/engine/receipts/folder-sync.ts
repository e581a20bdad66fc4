import { closeSync, openSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { release } from 'node:os'
import { join } from 'node:path'
import { loadForeignFunctions } from '../cpu/foreign-functions.ts'
import { syncFolder } from './durable-file.ts'

/** From this many files on, one sync of the whole file system is cheaper than one for each. */
const manyFiles = 64
/** Before it syncfs(2) hid failures to write (Linux 5.8, its manual page). */
const firstTruthfulKernel = [5, 8] as const

/** syncfs(2) on an open folder: 0, or -1. */
type SyncFileSystem = (descriptor: number) => Promise<number>

/** Brings files that were written into one folder safely to the disk, together. */
export class FolderSync {
  readonly #folder: string
  readonly #load: () => SyncFileSystem | null
  /** Undefined until it is needed for the first time: loading it costs some milliseconds. */
  #whole: SyncFileSystem | null | undefined

  constructor(folder: string, load: () => SyncFileSystem | null = loadSyncFileSystem) {
    this.#folder = folder
    this.#load = load
  }

  /** Their contents and names are on the disk when this resolves. Rejects when a file is missing or the disk refuses. */
  async sync(names: readonly string[]): Promise<void> {
    if (names.length >= manyFiles && (await this.#syncWhole())) return
    await Promise.all(names.map((name) => syncFile(join(this.#folder, name))))
    syncFolder(this.#folder)
  }

  /** False where that cannot be done, or failed: the files one by one will say why. */
  async #syncWhole(): Promise<boolean> {
    if (this.#whole === undefined) this.#whole = this.#load()
    if (this.#whole === null) return false
    const folder = openSync(this.#folder, 'r')
    try {
      return (await this.#whole(folder)) === 0
    } finally {
      closeSync(folder)
    }
  }
}

/** Null where the system has no such call, or one that cannot be trusted. */
function loadSyncFileSystem(): SyncFileSystem | null {
  if (process.platform !== 'linux' || !isTruthful(release())) return null
  try {
    const call = loadForeignFunctions().load(null).func('int syncfs(int descriptor)')
    return (descriptor) =>
      new Promise((resolve, reject) => {
        call.async(descriptor, (error: Error | null, result: number) => (error ? reject(error) : resolve(result)))
      })
  } catch {
    // No native library on this machine: every file is synced by itself.
    return null
  }
}

function isTruthful(kernel: string): boolean {
  const [major = 0, minor = 0] = kernel.split('.').map((part) => Number.parseInt(part, 10))
  const [leastMajor, leastMinor] = firstTruthfulKernel
  return major > leastMajor || (major === leastMajor && minor >= leastMinor)
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.datasync()
  } finally {
    await file.close()
  }
}
