/**
 * A single-producer single-consumer ring of 64-byte records with a payload arena, in one SharedArrayBuffer.
 *
 * HEAD, TAIL and the bell lie on separate 64-byte lines, so that the two sides do not fight over one. HEAD and TAIL only
 * grow (modulo 2^32); a record's place is its number modulo the capacity. The arena is a byte ring: a record that has a
 * payload carries the arena position behind it, and the consumer publishes that position when it has taken the record.
 */

const headWord = 0
const tailWord = 16
const bellWord = 32
const sleepingWord = 33
const arenaTailWord = 48
const headerBytes = 256

export const recordBytes = 64
export const recordWords = recordBytes / 4
export const recordDoubles = recordBytes / 8

/** Word of a record that both sides may change: see claim states in worker-protocol.ts. */
export const claimField = 0

export interface RingSize {
  /** Records, a power of two. */
  readonly capacity: number
  /** Bytes of the payload arena, a power of two. */
  readonly arenaBytes: number
}

export function ringCapacityFor(records: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(2, records)))
}

export function allocateRing(size: RingSize): SharedArrayBuffer {
  return new SharedArrayBuffer(headerBytes + size.capacity * recordBytes + size.arenaBytes)
}

class RingView {
  readonly capacity: number
  readonly words: Int32Array
  readonly doubles: Float64Array
  readonly arena: Uint8Array
  protected readonly header: Int32Array

  constructor(buffer: SharedArrayBuffer, size: RingSize) {
    this.capacity = size.capacity
    this.header = new Int32Array(buffer, 0, headerBytes / 4)
    this.words = new Int32Array(buffer, headerBytes, size.capacity * recordWords)
    this.doubles = new Float64Array(buffer, headerBytes, size.capacity * recordDoubles)
    this.arena = new Uint8Array(buffer, headerBytes + size.capacity * recordBytes, size.arenaBytes)
  }

  /** Place of a record number. */
  place(number: number): number {
    return number & (this.capacity - 1)
  }

  /** The consumer's progress, as far as this side can see it. */
  tail(): number {
    return Atomics.load(this.header, tailWord)
  }

  head(): number {
    return Atomics.load(this.header, headWord)
  }

  ring(): void {
    Atomics.add(this.header, bellWord, 1)
    if (Atomics.load(this.header, sleepingWord) !== 0) Atomics.notify(this.header, bellWord)
  }
}

/** The writing side. Records become visible at `publish`, the bell rings at `ring`: write a burst, then ring once. */
export class RingProducer extends RingView {
  #head = 0
  #cachedTail = 0
  #arenaHead = 0

  /** Number of the next record, or -1 when the ring is full. */
  next(): number {
    if (this.#head - this.#cachedTail >= this.capacity) {
      this.#cachedTail = this.#unwrap(this.tail())
      if (this.#head - this.#cachedTail >= this.capacity) return -1
    }
    return this.#head
  }

  /** Number of the record published last, -1 before the first. */
  newest(): number {
    return this.#head - 1
  }

  /** Number of the oldest record that the consumer has not given back. */
  oldest(): number {
    return this.#unwrap(this.tail())
  }

  /** Blocks until the consumer has given a record back, or for a millisecond. */
  waitForPlace(): void {
    Atomics.wait(this.header, tailWord, this.#cachedTail | 0, 1)
  }

  publish(): void {
    this.#head += 1
    Atomics.store(this.header, headWord, this.#head | 0)
  }

  /** Contiguous room in the arena, or -1. Nothing is taken before `commitArena`. */
  reserveArena(bytes: number): number {
    const size = this.arena.length
    const used = (this.#arenaHead - Atomics.load(this.header, arenaTailWord)) >>> 0
    const offset = this.#arenaHead & (size - 1)
    const skip = offset + bytes > size ? size - offset : 0
    return used + skip + bytes > size ? -1 : (offset + skip) & (size - 1)
  }

  /** Takes what `reserveArena` offered, cut to `bytes`. Returns the arena position behind it, for the record. */
  commitArena(offset: number, bytes: number): number {
    const size = this.arena.length
    const start = this.#arenaHead & (size - 1)
    const skip = offset >= start ? offset - start : size - start + offset
    // Eight-byte steps keep float64 payloads aligned.
    this.#arenaHead = (this.#arenaHead + skip + ((bytes + 7) & ~7)) | 0
    return this.#arenaHead
  }

  // TAIL is a wrapped 32-bit count; HEAD here is not, so bring TAIL near it.
  #unwrap(tail: number): number {
    return this.#head - ((this.#head - tail) >>> 0)
  }
}

/** The reading side. Only the consumer touches SLEEPING: were the producer to clear it, a ring between its clearing and the consumer's sleep would be lost. */
export class RingConsumer extends RingView {
  #tail = 0
  #cachedHead = 0

  /** Number of the oldest record not yet taken, or -1 when there is none. */
  peek(): number {
    if (this.#tail === this.#cachedHead) {
      this.#cachedHead = this.#tail + ((this.head() - this.#tail) >>> 0)
      if (this.#tail === this.#cachedHead) return -1
    }
    return this.#tail
  }

  /** Records not yet taken. */
  waiting(): number {
    return (this.head() - this.#tail) >>> 0
  }

  /** Gives the record's place back to the producer, and the arena up to `arenaEnd` unless that is null. */
  release(arenaEnd: number | null): void {
    this.#tail += 1
    if (arenaEnd !== null) Atomics.store(this.header, arenaTailWord, arenaEnd)
    Atomics.store(this.header, tailWord, this.#tail | 0)
  }

  bell(): number {
    return Atomics.load(this.header, bellWord)
  }

  /** Blocks this thread until the bell has rung since it read `seen`. */
  sleep(seen: number): void {
    Atomics.store(this.header, sleepingWord, 1)
    Atomics.wait(this.header, bellWord, seen)
    Atomics.store(this.header, sleepingWord, 0)
  }

  /** The same without blocking: null when the bell has rung already. The caller calls `awake` when it wakes. */
  sleepAsync(seen: number): Promise<unknown> | null {
    Atomics.store(this.header, sleepingWord, 1)
    const result = Atomics.waitAsync(this.header, bellWord, seen)
    if (result.async) return result.value
    Atomics.store(this.header, sleepingWord, 0)
    return null
  }

  awake(): void {
    Atomics.store(this.header, sleepingWord, 0)
  }

  /** While this side looks by itself, the producer need not wake anybody. An asynchronous sleep stays in place and is armed again by `unwatch`. */
  watch(): void {
    Atomics.store(this.header, sleepingWord, 0)
  }

  unwatch(): void {
    Atomics.store(this.header, sleepingWord, 1)
  }
}
