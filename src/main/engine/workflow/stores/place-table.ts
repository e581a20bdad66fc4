import { closeSync, openSync, readSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { textHash } from './text-hash.ts'

/** Text: places (byte offsets) in another file. Nothing is ever taken out, and equal hashes are not told apart. */

const slotBytes = 16
const chunkSlots = 64

/** A slot holds two 32-bit hashes and a place plus one as a double; a slot of zeros is free. */
function readSlot(view: DataView, at: number): { first: number; second: number; place: number } | null {
  const place = view.getFloat64(at + 8, true)
  return place === 0
    ? null
    : { first: view.getUint32(at, true), second: view.getUint32(at + 4, true), place: place - 1 }
}

function writeSlot(view: DataView, at: number, [first, second]: readonly [number, number], place: number): void {
  view.setUint32(at, first, true)
  view.setUint32(at + 4, second, true)
  view.setFloat64(at + 8, place + 1, true)
}

/** A table in the making, in memory. */
export class PlaceTableBuilder {
  readonly #slots: number
  readonly #view: DataView

  /** Room for at least `entries`, half of it free. */
  constructor(entries: number) {
    this.#slots = 2 ** Math.ceil(Math.log2(Math.max(1024, entries * 2)))
    this.#view = new DataView(new ArrayBuffer(this.#slots * slotBytes))
  }

  get slots(): number {
    return this.#slots
  }

  add(text: string, place: number): void {
    this.addHashed(textHash(text), place)
  }

  addHashed(hash: readonly [number, number], place: number): void {
    for (let slot = hash[0] % this.#slots; ; slot = (slot + 1) % this.#slots) {
      if (readSlot(this.#view, slot * slotBytes) !== null) continue
      writeSlot(this.#view, slot * slotBytes, hash, place)
      return
    }
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.#view.buffer)
  }
}

/** A table in a file, read and written slot by slot. */
export class PlaceTable implements Disposable {
  readonly #file: number
  readonly #start: number
  readonly #slots: number

  /** `start`: where the table begins in the file. */
  constructor(path: string, start: number, slots: number) {
    this.#file = openSync(path, 'r+')
    this.#start = start
    this.#slots = slots
  }

  /** The places of all texts with this text's hash. */
  places(text: string): number[] {
    const [first, second] = textHash(text)
    const places: number[] = []
    this.#visit(first % this.#slots, (slot) => {
      if (slot === null) return true
      if (slot.first === first && slot.second === second) places.push(slot.place)
      return false
    })
    return places
  }

  add(text: string, place: number): void {
    const hash = textHash(text)
    this.#visit(hash[0] % this.#slots, (slot, index) => {
      if (slot !== null) return false
      const view = new DataView(new ArrayBuffer(slotBytes))
      writeSlot(view, 0, hash, place)
      writeSync(this.#file, new Uint8Array(view.buffer), 0, slotBytes, this.#start + index * slotBytes)
      return true
    })
  }

  /** Copies everything below `limit` into a larger table. */
  copyInto(builder: PlaceTableBuilder, limit: number): void {
    const bytes = Buffer.alloc(this.#slots * slotBytes)
    readSync(this.#file, bytes, 0, bytes.length, this.#start)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    for (let slot = 0; slot < this.#slots; slot += 1) {
      const found = readSlot(view, slot * slotBytes)
      if (found !== null && found.place < limit) builder.addHashed([found.first, found.second], found.place)
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#file)
  }

  #visit(from: number, visit: (slot: ReturnType<typeof readSlot>, index: number) => boolean): void {
    const bytes = Buffer.alloc(chunkSlots * slotBytes)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    for (let index = from, seen = 0; seen < this.#slots; ) {
      const count = Math.min(chunkSlots, this.#slots - index)
      readSync(this.#file, bytes, 0, count * slotBytes, this.#start + index * slotBytes)
      for (let offset = 0; offset < count; offset += 1) {
        if (visit(readSlot(view, offset * slotBytes), index + offset)) return
      }
      seen += count
      index = (index + count) % this.#slots
    }
  }
}

/** Writes a file with a head and a table, so that it is there as a whole or not at all. */
export function writeTable(path: string, head: Uint8Array, table: PlaceTableBuilder | null): void {
  const draft = `${path}.${process.pid}.draft`
  writeFileSync(draft, table === null ? head : Buffer.concat([head, table.bytes]))
  renameSync(draft, path)
}
