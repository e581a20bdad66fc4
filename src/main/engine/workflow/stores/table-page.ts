import { mixed } from './text-hash.ts'

/**
 * A page of a place table: slots of two 32-bit hashes and a place, and a check over them. A page is read and written as a
 * whole, so that a damaged one is noticed before anything is believed that it does not say.
 */
export const pageBytes = 512
const pageWords = pageBytes / 4
const slotWords = 4
const slotsEnd = pageWords - slotWords
export const pageSlots = slotsEnd / slotWords

export type TextHash = readonly [first: number, second: number]

/** The words of a page in bytes that hold one or more. */
export function pageOf(bytes: Uint8Array, index: number): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset + index * pageBytes, pageWords)
}

/** Visits the taken slots of a page; true: there is a free one behind them. */
export function eachSlot(page: Uint32Array, visit: (hash: TextHash, place: number) => void): boolean {
  for (let at = 0; at < slotsEnd; at += slotWords) {
    const place = placeAt(page, at)
    if (place < 0) return true
    visit([page[at] ?? 0, page[at + 1] ?? 0], place)
  }
  return false
}

/** Adds the places of a hash to `places`; true: no further page has any. */
export function collectPlaces(page: Uint32Array, [first, second]: TextHash, places: number[]): boolean {
  for (let at = 0; at < slotsEnd; at += slotWords) {
    const place = placeAt(page, at)
    if (place < 0) return true
    if (page[at] === first && page[at + 1] === second) places.push(place)
  }
  return false
}

/** Takes a free slot; false: there is none. The page has to be signed before it is written. */
export function takeSlot(page: Uint32Array, [first, second]: TextHash, place: number): boolean {
  for (let at = 0; at < slotsEnd; at += slotWords) {
    if (placeAt(page, at) >= 0) continue
    page[at] = first
    page[at + 1] = second
    page[at + 2] = (place + 1) % 2 ** 32
    page[at + 3] = Math.floor((place + 1) / 2 ** 32)
    return true
  }
  return false
}

/** Writes the check of a page that stands at `index` of its table. */
export function signPage(page: Uint32Array, index: number): void {
  page[slotsEnd] = checkOf(page, index)
}

export function isSigned(page: Uint32Array, index: number): boolean {
  return page[slotsEnd] === checkOf(page, index)
}

/** -1: the slot is free. */
function placeAt(page: Uint32Array, slot: number): number {
  return (page[slot + 2] ?? 0) + (page[slot + 3] ?? 0) * 2 ** 32 - 1
}

/** Over the slots and the page's own number, so that neither a page of zeros nor one in a wrong place passes. */
function checkOf(page: Uint32Array, index: number): number {
  let hash = (0x811c9dc5 ^ index) >>> 0
  for (let at = 0; at < slotsEnd; at += 1) hash = Math.imul(hash ^ (page[at] ?? 0), 0x01000193)
  return mixed(hash)
}
