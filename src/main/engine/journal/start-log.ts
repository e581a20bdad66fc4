import { randomUUID } from 'node:crypto'
import { constants, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { endianness } from 'node:os'
import { join } from 'node:path'
import { mapFile } from './mapped-file.ts'

/**
 * Which tokens have begun, written by each worker's own thread right before it calls an operation. What a process has handed to
 * the kernel survives its death by any signal (be it written or stored in the file's memory), so after a crash it is known exactly which tokens had begun and which had not,
 * without the hot path waiting for a transaction. (A power cut may lose the last moments of it.)
 *
 * One file for each worker: a ring of float64, 0 for a free place, else the sequence and, as its fraction, the attempt. A place is taken again only when the ring comes
 * round, and never while its token runs, so that the journal has long heard of the end of whatever is overwritten.
 */
const places = 1 << 16
const placeBytes = 8
const attemptParts = 1024
const mostAttempts = attemptParts - 1
// Beyond it a float64 has no room for the attempt; a million tokens a second come so far in a month and a half.
const largestSequence = 2 ** 42

export class StartLog {
  readonly #file: number
  readonly #buffer = Buffer.alloc(placeBytes)
  /** The file as memory; null where it has to be written instead. */
  readonly #mapped: Float64Array | null
  readonly #running = new Map<number, number>()
  readonly #taken = new Uint8Array(places)
  #next = 0

  /** Goes on behind what an earlier thread of the same worker has written. Throws what the file system throws. */
  constructor(path: string, map = mapFile) {
    // Neither truncated nor appended to: places are written anywhere.
    this.#file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600)
    const earlier = readFileSync(path)
    if (earlier.length >= places * placeBytes) this.#next = placeAfterNewest(earlier)
    // Taken from the disk now, so that a full one cannot stand in the way later.
    else writeSync(this.#file, Buffer.alloc(places * placeBytes))
    // The log is little-endian, and so is the memory of every machine this runs on; elsewhere it is written.
    const mapped = endianness() === 'LE' ? map(this.#file, places * placeBytes) : null
    this.#mapped = mapped === null ? null : new Float64Array(mapped)
  }

  begin(sequence: number, attempt: number): void {
    while (this.#taken[this.#next] === 1) this.#next = (this.#next + 1) % places
    const place = this.#next
    this.#next = (place + 1) % places
    const entry = sequence + Math.min(attempt, mostAttempts) / attemptParts
    if (this.#mapped !== null) this.#mapped[place] = entry
    else {
      this.#buffer.writeDoubleLE(entry)
      writeSync(this.#file, this.#buffer, 0, placeBytes, place * placeBytes)
    }
    this.#running.set(sequence, place)
    this.#taken[place] = 1
  }

  end(sequence: number): void {
    const place = this.#running.get(sequence)
    if (place === undefined) return
    this.#running.delete(sequence)
    this.#taken[place] = 0
  }
}

function placeAfterNewest(bytes: Buffer): number {
  let newest = 0
  let place = -1
  for (let at = 0; at < places; at++) {
    const sequence = bytes.readDoubleLE(at * placeBytes)
    if (sequence <= newest || readEntry(sequence) === null) continue
    newest = sequence
    place = at
  }
  return (place + 1) % places
}

/** Null for a free place, and for what no log has written: the file may be damaged, and is not worth more than its other places. */
function readEntry(entry: number): { readonly sequence: number; readonly attempt: number } | null {
  const sequence = Math.floor(entry)
  const attempt = (entry - sequence) * attemptParts
  const written = sequence > 0 && sequence <= largestSequence && attempt > 0 && Number.isInteger(attempt)
  return written ? { sequence, attempt } : null
}

/** Makes a folder for one run's logs. */
export function makeStartsFolder(journalPath: string): string {
  const folder = join(startsFolder(journalPath), randomUUID())
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

export function startsFolder(journalPath: string): string {
  return `${journalPath}-starts`
}

/** The newest attempt that was begun, by token, as far as these logs still tell of it. */
export function readStarts(journalPath: string): Map<number, number> {
  const begun = new Map<number, number>()
  for (const file of logFiles(startsFolder(journalPath))) {
    const bytes = readFileSync(file)
    for (let at = 0; at + placeBytes <= bytes.length; at += placeBytes) {
      const entry = readEntry(bytes.readDoubleLE(at))
      if (entry === null) continue
      begun.set(entry.sequence, Math.max(entry.attempt, begun.get(entry.sequence) ?? 0))
    }
  }
  return begun
}

function logFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
