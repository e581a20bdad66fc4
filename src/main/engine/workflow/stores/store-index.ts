import { closeSync, fdatasyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { assertDefined } from '../../../../shared/assert.ts'
import { sha256Hex } from '../../json/canonical-hash.ts'
import { headBytes, type IndexHead, type OpenData, printHead, readHead } from './index-head.ts'
import { DamagedIndex, PlaceTable, PlaceTableBuilder } from './place-table.ts'
import { pageSlots } from './table-page.ts'

/** Where indexes are kept when nobody says otherwise: they are a cache, and may be removed at any time. */
export function defaultIndexFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const cache = environment.XDG_CACHE_HOME || environment.LOCALAPPDATA || join(homedir(), '.cache')
  return join(cache, 'guardhouse', 'store-indexes')
}

interface OpenIndex {
  readonly file: number
  readonly head: IndexHead
  /** Null: there is nothing to look up. */
  readonly table: PlaceTable | null
}

/** The index of one file, kept apart from it: the folder of the data stays as the reference leaves it. */
export class StoreIndex {
  readonly path: string
  #open: OpenIndex | null = null
  #discarded = false

  constructor(folder: string, dataPath: string) {
    this.path = join(folder, `${sha256Hex(dataPath)}.index`)
  }

  get isOpen(): boolean {
    return this.#open !== null
  }

  /** True from `discard` until the index is opened again. */
  get isDiscarded(): boolean {
    return this.#discarded
  }

  /** Reads the head anew; null when there is no index of this file as it is, or it is damaged. */
  open(data: OpenData): IndexHead | null {
    this.close()
    this.#discarded = false
    this.#open = openIndex(this.path, data)
    return this.#open?.head ?? null
  }

  close(): void {
    if (this.#open !== null) closeSync(this.#open.file)
    this.#open = null
  }

  /** Removes an index that turned out to be damaged. */
  discard(): void {
    this.close()
    this.#discarded = true
    rmSync(this.path, { force: true })
  }

  /**
   * Places of a text in the file; some may be behind the part that the head speaks of, where a process died while it added
   * them. Throws a DamagedIndex.
   */
  places(text: string): number[] {
    if (this.#open === null) throw new DamagedIndex('the index is not open')
    return this.#open.table?.places(text) ?? []
  }

  /**
   * Adds to an open index what came behind the part that it speaks of. Call it only with the lock of the file. Throws a
   * DamagedIndex, or what the system says.
   */
  extend(
    added: readonly (readonly [text: string, place: number])[],
    head: Omit<IndexHead, 'pages' | 'entries'>,
    data: OpenData,
  ): void {
    const { file, table, head: before } = assertDefined(this.#open, 'only what is open is extended')
    const entries = before.entries + added.length
    if (table !== null && entries * 2 > table.pages * pageSlots) {
      const larger = new PlaceTableBuilder(entries * 2)
      table.copyInto(larger, before.size)
      for (const [text, place] of added) larger.add(text, place)
      this.write(larger, { ...head, entries }, data)
      return
    }
    for (const [text, place] of added) table?.add(text, place)
    // The head promises the places, so they have to be on the disk before it: a power cut must not make a key unknown.
    if (table !== null) fdatasyncSync(file)
    const extended = { ...head, pages: before.pages, entries }
    writeSync(file, printHead(extended, data), 0, headBytes, 0)
    this.#open = { file, table, head: extended }
  }

  /** Writes the whole index, so that it is there as a whole or not at all; `table` null: there is nothing to look up. */
  write(table: PlaceTableBuilder | null, head: Omit<IndexHead, 'pages'>, data: OpenData): void {
    this.close()
    mkdirSync(dirname(this.path), { recursive: true })
    const draft = `${this.path}.${process.pid}.draft`
    const file = openSync(draft, 'w')
    try {
      writeSync(file, printHead({ ...head, pages: table?.pages ?? 0 }, data))
      if (table !== null) {
        writeSync(file, table.signed())
        fdatasyncSync(file)
      }
    } finally {
      closeSync(file)
    }
    renameSync(draft, this.path)
    this.open(data)
  }
}

function openIndex(path: string, data: OpenData): OpenIndex | null {
  let file: number | null = null
  try {
    file = openSync(path, 'r+')
    const head = readHead(file, data)
    if (head !== null) return { file, head, table: head.pages > 0 ? new PlaceTable(file, headBytes, head.pages) : null }
  } catch {
    // Nothing but time is lost: an index that is not there, or may not be read, is made anew.
  }
  if (file !== null) closeSync(file)
  return null
}
