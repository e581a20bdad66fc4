import { readSync, writeSync } from 'node:fs'
import {
  collectPlaces,
  eachSlot,
  isSigned,
  pageBytes,
  pageOf,
  pageSlots,
  pageWords,
  signPage,
  type TextHash,
  takeSlot,
} from './table-page.ts'
import { textHash } from './text-hash.ts'

/** An index that is not as it was written. Nothing is lost: it is made anew from the file that it speaks of. */
export class DamagedIndex extends Error {}

/** Text: places (byte offsets) in another file. Nothing is ever taken out, and equal hashes are not told apart. */

/** A table in the making, in memory. */
export class PlaceTableBuilder {
  readonly pages: number
  readonly #bytes: Uint8Array

  /** Room for at least `entries`, half of it free. */
  constructor(entries: number) {
    this.pages = 2 ** Math.ceil(Math.log2(Math.max(32, (entries * 2) / pageSlots)))
    this.#bytes = new Uint8Array(this.pages * pageBytes)
  }

  add(text: string, place: number): void {
    this.addHashed(textHash(text), place)
  }

  addHashed(hash: TextHash, place: number): void {
    let page = hash[0] % this.pages
    while (!takeSlot(pageOf(this.#bytes, page), hash, place)) page = (page + 1) % this.pages
  }

  /** The whole table. */
  signed(): Uint8Array {
    for (let page = 0; page < this.pages; page += 1) signPage(pageOf(this.#bytes, page), page)
    return this.#bytes
  }
}

/** A table in an open file, read and written page by page. Every method throws a DamagedIndex where a page is not whole. */
export class PlaceTable {
  readonly #file: number
  readonly #start: number
  readonly pages: number
  readonly #page = new Uint32Array(pageWords)

  /** `start`: where the table begins in the file. */
  constructor(file: number, start: number, pages: number) {
    this.#file = file
    this.#start = start
    this.pages = pages
  }

  /** The places of all texts with this text's hash. */
  places(text: string): number[] {
    const hash = textHash(text)
    const places: number[] = []
    for (let index = hash[0] % this.pages, seen = 0; seen < this.pages; seen += 1) {
      if (collectPlaces(this.#read(index), hash, places)) break
      index = (index + 1) % this.pages
    }
    return places
  }

  add(text: string, place: number): void {
    const hash = textHash(text)
    for (let index = hash[0] % this.pages; ; index = (index + 1) % this.pages) {
      const page = this.#read(index)
      if (!takeSlot(page, hash, place)) continue
      signPage(page, index)
      writeSync(this.#file, this.#page, 0, pageBytes, this.#start + index * pageBytes)
      return
    }
  }

  /** Copies everything below `limit` into a larger table. */
  copyInto(builder: PlaceTableBuilder, limit: number): void {
    for (let index = 0; index < this.pages; index += 1) {
      eachSlot(this.#read(index), (hash, place) => {
        if (place < limit) builder.addHashed(hash, place)
      })
    }
  }

  #read(index: number): Uint32Array {
    const read = readSync(this.#file, this.#page, 0, pageBytes, this.#start + index * pageBytes)
    if (read === pageBytes && isSigned(this.#page, index)) return this.#page
    throw new DamagedIndex(`page ${index} of the index is not as it was written`)
  }
}
