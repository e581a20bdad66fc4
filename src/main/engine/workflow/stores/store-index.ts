import { closeSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { assertDefined } from '../../../../shared/assert.ts'
import { canonicalHash, sha256Hex } from '../../json/canonical-hash.ts'
import { parseJson } from '../../json/parse.ts'
import { printCompact } from '../../json/print.ts'
import { isObject, type JsonObject, object, textAt } from '../../json/value.ts'
import type { FileStamp } from './file-stamp.ts'
import { PlaceTable, PlaceTableBuilder, writeTable } from './place-table.ts'

/** What is known of the beginning of a store's file, so that it need not be read again. */
export interface IndexHead {
  readonly stamp: FileStamp
  readonly lines: number
  /** Records that count; 0 for a log. */
  readonly count: number
  /** Slots of the table behind the head; 0 for none. */
  readonly slots: number
  /** How many of them are taken. */
  readonly entries: number
}

const headBytes = 512
const version = 1

/** Where indexes are kept when nobody says otherwise: they are a cache, and may be removed at any time. */
export function defaultIndexFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const cache = environment.XDG_CACHE_HOME || environment.LOCALAPPDATA || join(homedir(), '.cache')
  return join(cache, 'guardhouse', 'store-indexes')
}

/** The index of one file, kept apart from it: the folder of the data stays as the reference leaves it. */
export class StoreIndex {
  readonly path: string
  #table: PlaceTable | null = null
  #head: IndexHead | null = null

  constructor(folder: string, dataPath: string) {
    this.path = join(folder, `${sha256Hex(dataPath)}.index`)
  }

  get head(): IndexHead | null {
    return this.#head
  }

  /** Reads the head anew; null when there is no index, or it is damaged. */
  open(): IndexHead | null {
    this.close()
    try {
      this.#head = readHead(this.path)
      if (this.#head !== null && this.#head.slots > 0)
        this.#table = new PlaceTable(this.path, headBytes, this.#head.slots)
    } catch {
      // An index that cannot be read is made anew: nothing but time is lost.
      this.#head = null
    }
    return this.#head
  }

  close(): void {
    this.#table?.[Symbol.dispose]()
    this.#table = null
    this.#head = null
  }

  /** Places of a text in the part of the file that the head speaks of. */
  places(text: string): number[] {
    const { stamp } = assertDefined(this.#head, 'only what is open is looked into')
    return this.#table?.places(text).filter((place) => place < stamp.size) ?? []
  }

  /** Adds to an open index what came behind its stamp. Call it only with the lock of the file. */
  extend(added: readonly (readonly [text: string, place: number])[], head: Omit<IndexHead, 'slots' | 'entries'>): void {
    const { slots = 0, entries = 0 } = this.#head ?? {}
    if (slots > 0 && (entries + added.length) * 2 > slots) {
      const larger = new PlaceTableBuilder((entries + added.length) * 2)
      this.#table?.copyInto(larger, this.#head?.stamp.size ?? 0)
      for (const [text, place] of added) larger.add(text, place)
      this.write(larger, { ...head, entries: entries + added.length })
      return
    }
    for (const [text, place] of added) this.#table?.add(text, place)
    // The head comes last: before it, what was added is not looked at.
    const extended = { ...head, slots, entries: entries + added.length }
    const file = openSync(this.path, 'r+')
    try {
      writeSync(file, printHead(extended), 0, headBytes, 0)
    } finally {
      closeSync(file)
    }
    this.#head = extended
  }

  /** Writes the whole index; `table` null: there is nothing to look up. */
  write(table: PlaceTableBuilder | null, head: Omit<IndexHead, 'slots'>): void {
    this.close()
    mkdirSync(dirname(this.path), { recursive: true })
    writeTable(this.path, printHead({ ...head, slots: table?.slots ?? 0 }), table)
    this.open()
  }
}

function printHead({ stamp, ...counts }: IndexHead): Uint8Array {
  const content = object({ version, ...counts, stamp: object({ ...stamp }) })
  const text = printCompact(object({ check: canonicalHash(content).slice(0, 16), content }))
  return Buffer.from(text.padEnd(headBytes), 'ascii')
}

function readHead(path: string): IndexHead | null {
  const bytes = Buffer.alloc(headBytes)
  const file = openSync(path, 'r')
  try {
    readSync(file, bytes, 0, headBytes, 0)
  } finally {
    closeSync(file)
  }
  const whole = parseJson(bytes.toString('ascii'))
  const content = isObject(whole) ? whole.get('content') : null
  if (!isObject(whole) || !isObject(content)) return null
  const holds = whole.get('check') === canonicalHash(content).slice(0, 16) && content.get('version') === version
  return holds ? headFrom(content) : null
}

function headFrom(content: JsonObject): IndexHead {
  const stamp = content.get('stamp')
  const stampFields = isObject(stamp) ? stamp : new Map()
  return {
    stamp: {
      inode: textAt(stampFields, 'inode') ?? '',
      size: Number(stampFields.get('size')),
      mtime: textAt(stampFields, 'mtime') ?? '',
      tail: textAt(stampFields, 'tail') ?? '',
    },
    lines: Number(content.get('lines')),
    count: Number(content.get('count')),
    slots: Number(content.get('slots')),
    entries: Number(content.get('entries')),
  }
}
