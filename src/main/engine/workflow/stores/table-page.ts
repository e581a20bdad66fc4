import { sha256Hex } from '../../json/canonical-hash.ts'

/**
 * A page of a place table: slots of two 32-bit hashes and a place, and a check over them. A page is read and written as a
 * whole, so that a damaged one is noticed before anything is believed that it does not say.
 */
export const pageBytes = 512
export const pageWords = pageBytes / 4
const slotWords = 4
/** The word with the check. */
const checkAt = pageWords - slotWords
export const pageSlots = checkAt / slotWords

export type TextHash = readonly [first: number, second: number]

/** The words of a page in bytes that hold several. */
export function pageOf(bytes: Uint8Array, index: number): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset + index * pageBytes, pageWords)
}

/** Visits the taken slots of a page. */
export function eachSlot(page: Uint32Array, visit: (hash: TextHash, place: number) => void): void {
  for (let at = 0; at < checkAt && !isFree(page, at); at += slotWords) {
    visit([page[at] ?? 0, page[at + 1] ?? 0], placeAt(page, at))
  }
}

/**
 * Adds the places of a hash to `places`; true: no further page has any. The first run of a process has to compile what is
 * called here, so that nothing is but where a place is found.
 */
export function collectPlaces(page: Uint32Array, [first, second]: TextHash, places: number[]): boolean {
  for (let at = 0; at < checkAt; at += slotWords) {
    if (page[at + 2] === 0 && page[at + 3] === 0) return true
    if (page[at] === first && page[at + 1] === second) places.push(placeAt(page, at))
  }
  return false
}

/** Takes a free slot; false: there is none. The page has to be signed before it is written. */
export function takeSlot(page: Uint32Array, [first, second]: TextHash, place: number): boolean {
  for (let at = 0; at < checkAt; at += slotWords) {
    if (!isFree(page, at)) continue
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
  page[checkAt] = checkOf(page, index)
}

/** Whether a page is as it was written. */
export function isSigned(page: Uint32Array, index: number): boolean {
  return page[checkAt] === checkOf(page, index)
}

function isFree(page: Uint32Array, slot: number): boolean {
  return page[slot + 2] === 0 && page[slot + 3] === 0
}

function placeAt(page: Uint32Array, slot: number): number {
  return (page[slot + 2] ?? 0) + (page[slot + 3] ?? 0) * 2 ** 32 - 1
}

/**
 * Of the slots and the page's own number, so that neither a page of zeros nor one in a wrong place passes. By the system's
 * hash: a loop of ours would run in the interpreter where a process looks up its first text.
 */
function checkOf(page: Uint32Array, index: number): number {
  const slots = new Uint8Array(page.buffer, page.byteOffset, checkAt * 4)
  return (Number.parseInt(sha256Hex(slots).slice(0, 8), 16) ^ index) >>> 0
}
