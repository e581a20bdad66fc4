import { closeSync, fsyncSync, openSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { writeAll } from './durable-file.ts'

/** What a collection took from one receipt. */
export interface Purge {
  /** Name of the receipt's file. */
  readonly name: string
  /** `2026-06-01T12:00:00.250000+00:00` */
  readonly at: string
  readonly files: number
  readonly bytes: number
}

const fileName = 'receipts.purged.jsonl'

/**
 * Which receipts have lost their bodies: one line of JSON for each, beside the receipts, which stay as they were made. A line
 * is on the disk before the bodies go. A line cut in half at the end is as if it had not been written.
 */
export class PurgeRecord {
  readonly #path: string
  readonly #purges = new Map<string, Purge>()
  /** True when the file ends within a line. */
  #torn = false
  /** Of the file, when it was last read. */
  #bytes = -1
  /** What `add` has written, bytes. */
  grownBytes = 0

  constructor(catalog: string) {
    this.#path = join(catalog, fileName)
    this.refresh()
  }

  /** Reads the file again when it has grown since: another program may have collected. */
  refresh(): void {
    const bytes = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0
    if (bytes === this.#bytes) return
    this.#bytes = bytes
    this.#read()
  }

  get size(): number {
    return this.#purges.size
  }

  /** Ids of the receipts, which name their files. */
  ids(): string[] {
    return [...this.#purges.keys()].map((name) => name.slice(0, -'.json'.length))
  }

  get(name: string): Purge | undefined {
    return this.#purges.get(name)
  }

  has(name: string): boolean {
    return this.#purges.has(name)
  }

  /** Written and synced when this returns. */
  add(purges: readonly Purge[]): void {
    if (purges.length === 0) return
    const file = openSync(this.#path, 'a')
    try {
      const lines = purges.map((purge) => `${JSON.stringify(purge)}\n`).join('')
      const text = this.#torn ? `\n${lines}` : lines
      this.#torn = true
      this.grownBytes += writeAll(file, text)
      this.#torn = false
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    for (const purge of purges) this.#purges.set(purge.name, purge)
  }

  #read(): void {
    const text = readIfThere(this.#path)
    this.#torn = text !== '' && !text.endsWith('\n')
    for (const line of text.split('\n')) {
      const purge = readPurge(line)
      if (purge !== null) this.#purges.set(purge.name, purge)
    }
  }
}

function readPurge(line: string): Purge | null {
  try {
    const { name, at, files, bytes } = JSON.parse(line) as Partial<Record<keyof Purge, unknown>>
    if (typeof name !== 'string' || typeof at !== 'string') return null
    return { name, at, files: Number(files ?? 0), bytes: Number(bytes ?? 0) }
  } catch {
    // An empty or a torn line.
    return null
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
