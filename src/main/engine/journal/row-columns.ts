import { tokenId } from '../../../shared/model/token-id.ts'

const chunkBits = 12
const chunkSize = 1 << chunkBits
/** State of a place that no row takes up. */
export const absent = 255

/** Columns of one evicted token on its way from the control thread. */
export const evictedColumns = {
  sequence: 0,
  operation: 1,
  state: 2,
  weight: 3,
  attempt: 4,
  parent: 5,
  core: 6,
  slot: 7,
  created: 8,
  waited: 9,
  ran: 10,
  acceptedIn: 11,
  endedIn: 12,
} as const
export const evictedWidth = 13
const evicted = evictedColumns

/** A run of the host, whose epoch the creation of its tokens counts from. */
export interface RowValues {
  readonly sequence: number
  readonly operation: number
  readonly state: number
  readonly weight: number
  readonly attempt: number
  readonly parent: number
  /** 0 when it never was on a core. */
  readonly core: number
  /** -1 likewise. */
  readonly slot: number
  /** Wall clock of the epoch that `created` counts from, milliseconds. */
  readonly epochWall: number
  readonly created: number
  readonly waited: number
  /** -1 when it never ran. */
  readonly ran: number
  /** Segments of the journal that hold its acceptance and its end. */
  readonly acceptedIn: number
  readonly endedIn: number
}

const zeroes = new Float64Array(chunkSize)
let newestEpochs = zeroes

/** The same number in every place: memory for many chunks, which none of them may write. */
function columnOf(epochWall: number): Float64Array<ArrayBuffer> {
  if (newestEpochs[0] !== epochWall) newestEpochs = new Float64Array(chunkSize).fill(epochWall)
  return newestEpochs
}

/** Rows of 4,096 neighbouring sequences. */
export class RowChunk {
  readonly firstSequence: number
  count = 0
  readonly state = new Uint8Array(chunkSize).fill(absent)
  readonly operation = new Int32Array(chunkSize)
  readonly weight = new Uint8Array(chunkSize)
  readonly attempt = new Uint16Array(chunkSize)
  /** Most tokens have none: until there is one, the memory of all is the same. */
  parent = zeroes
  readonly core = new Uint16Array(chunkSize)
  readonly slot = new Int8Array(chunkSize)
  /** All of one run have the same, and share its memory. */
  epochWall = zeroes
  #ownEpochs = false
  readonly created = new Float64Array(chunkSize)
  readonly waited = new Float64Array(chunkSize)
  readonly ran = new Float64Array(chunkSize)
  readonly acceptedIn = new Uint32Array(chunkSize)
  readonly endedIn = new Uint32Array(chunkSize)

  constructor(number: number) {
    this.firstSequence = number * chunkSize
  }

  put(row: RowValues): void {
    const at = row.sequence - this.firstSequence
    if (this.state[at] === absent) this.count += 1
    this.state[at] = row.state
    this.operation[at] = row.operation
    this.weight[at] = row.weight
    this.attempt[at] = row.attempt
    this.#setParent(at, row.parent)
    this.core[at] = row.core
    this.slot[at] = row.slot
    this.#setEpoch(at, row.epochWall)
    this.created[at] = row.created
    this.waited[at] = row.waited
    this.ran[at] = row.ran
    this.acceptedIn[at] = row.acceptedIn
    this.endedIn[at] = row.endedIn
  }

  /** As `put`, of the evicted row that begins at `from`: without an object for each of many thousands a second. */
  putEvicted(rows: Float64Array, from: number, names: EvictedNames): void {
    const at = (rows[from + evicted.sequence] ?? 0) - this.firstSequence
    if (this.state[at] === absent) this.count += 1
    this.state[at] = rows[from + evicted.state] ?? 0
    this.operation[at] = names.operations[rows[from + evicted.operation] ?? 0] ?? 0
    this.weight[at] = rows[from + evicted.weight] ?? 0
    this.attempt[at] = rows[from + evicted.attempt] ?? 0
    this.#setParent(at, rows[from + evicted.parent] ?? 0)
    this.core[at] = rows[from + evicted.core] ?? 0
    this.slot[at] = rows[from + evicted.slot] ?? 0
    this.#setEpoch(at, names.epochWall)
    this.created[at] = rows[from + evicted.created] ?? 0
    this.waited[at] = rows[from + evicted.waited] ?? 0
    this.ran[at] = rows[from + evicted.ran] ?? 0
    this.acceptedIn[at] = rows[from + evicted.acceptedIn] ?? 0
    this.endedIn[at] = rows[from + evicted.endedIn] ?? 0
  }

  #setParent(at: number, parent: number): void {
    if (this.parent[at] === parent) return
    if (this.parent === zeroes) this.parent = new Float64Array(chunkSize)
    this.parent[at] = parent
  }

  #setEpoch(at: number, epochWall: number): void {
    if (this.epochWall[at] === epochWall) return
    if (this.epochWall === zeroes) this.epochWall = columnOf(epochWall)
    else {
      if (!this.#ownEpochs) this.epochWall = this.epochWall.slice()
      this.#ownEpochs = true
      this.epochWall[at] = epochWall
    }
  }
}

/** What is the same for all rows that come at once, or has to be looked up. */
export interface EvictedNames {
  /** Wall clock of the epoch of this run, milliseconds. */
  readonly epochWall: number
  /** Of this run's operation indexes, the number in the columns. */
  readonly operations: readonly number[]
}

/**
 * What the token table shows of every token that only the journal still has, as columns in memory: any filter and any order over a
 * million rows then takes milliseconds, and the file needs no index that would slow its writing. About 50 bytes a row.
 */
export class RowColumns {
  readonly #chunks = new Map<number, RowChunk>()
  /** The one that the newest row went into. */
  #latest: RowChunk | null = null
  /** Newest first; null when the set of chunks has changed. */
  #ordered: RowChunk[] | null = null
  readonly operationNames: string[] = []
  readonly #operations = new Map<string, number>()
  count = 0

  operation(name: string): number {
    const known = this.#operations.get(name)
    if (known !== undefined) return known
    this.#operations.set(name, this.operationNames.length)
    this.operationNames.push(name)
    return this.operationNames.length - 1
  }

  put(row: RowValues): void {
    const chunk = this.#chunkFor(row.sequence)
    const before = chunk.count
    chunk.put(row)
    this.count += chunk.count - before
  }

  /** `count` rows in the form of `evictedColumns`. */
  putEvicted(rows: Float64Array, count: number, names: EvictedNames): void {
    for (let from = 0; from < count * evictedWidth; from += evictedWidth) {
      const chunk = this.#chunkFor(rows[from + evicted.sequence] ?? 0)
      const before = chunk.count
      chunk.putEvicted(rows, from, names)
      this.count += chunk.count - before
    }
  }

  #chunkFor(sequence: number): RowChunk {
    const number = Math.floor(sequence / chunkSize)
    // Rows come mostly in the order of their numbers.
    if (this.#latest !== null && this.#latest.firstSequence === number * chunkSize) return this.#latest
    this.#latest = this.#chunks.get(number) ?? this.#begin(number)
    return this.#latest
  }

  #begin(number: number): RowChunk {
    const chunk = new RowChunk(number)
    this.#chunks.set(number, chunk)
    this.#ordered = null
    return chunk
  }

  /** Returns the number of a chunk that has no row any more, else -1. */
  remove(sequence: number): number {
    const number = Math.floor(sequence / chunkSize)
    const chunk = this.#chunks.get(number)
    const at = sequence % chunkSize
    if (chunk === undefined || chunk.state[at] === absent) return -1
    chunk.state[at] = absent
    chunk.count -= 1
    this.count -= 1
    if (chunk.count > 0) return -1
    this.#chunks.delete(number)
    this.#latest = null
    this.#ordered = null
    return number
  }

  find(sequence: number): { chunk: RowChunk; at: number } | null {
    const chunk = this.#chunks.get(Math.floor(sequence / chunkSize))
    const at = sequence % chunkSize
    return chunk === undefined || chunk.state[at] === absent ? null : { chunk, at }
  }

  /** Rows whose sequence is lower, which is a multiple of `rowsPerChunk`. */
  countBefore(sequence: number): number {
    let count = 0
    if (sequence > 0)
      for (const chunk of this.#chunks.values()) if (chunk.firstSequence < sequence) count += chunk.count
    return count
  }

  newestFirst(): readonly RowChunk[] {
    this.#ordered ??= [...this.#chunks.values()].sort((a, b) => b.firstSequence - a.firstSequence)
    return this.#ordered
  }

  idOf(chunk: RowChunk, at: number): string {
    const name = this.operationNames[chunk.operation[at] ?? 0] ?? 'unknown'
    return tokenId(name, chunk.created[at] ?? 0, chunk.epochWall[at] ?? 0, chunk.firstSequence + at)
  }
}

export const rowsPerChunk = chunkSize
