import { closeSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { OpenData } from './index-head.ts'
import type { StoreLock } from './store-lock.ts'
import { withSystemErrors } from './system-error.ts'

/** What a reader of an append-only file is told as the file grows. */
export interface AppendReader {
  /**
   * Forget everything: the file is another one, or was cut. Returns from which byte on it has to be read: not from the
   * first where the reader knows of the beginning otherwise.
   */
  restart(data: OpenData): number
  /** Complete lines; the last byte is a newline. `start` is the place of the first byte in the file. */
  lines(bytes: Buffer, start: number): void
  /** Everything that is there was read. */
  readAll(data: OpenData): void
}

/** The byte that ends a line. */
export const newline = 0x0a
const chunkBytes = 1 << 20

/**
 * A file of lines that only grows. What was read once is not read again: a refresh reads the bytes that came since,
 * also when another process wrote them, so that its cost does not depend on the length of the file.
 */
export class AppendFile {
  readonly path: string
  readonly #reader: AppendReader
  readonly #durable: boolean
  readonly #lock: StoreLock
  #inode: bigint | null = null
  #readBytes = 0
  /** Bytes behind the last newline. */
  #tail = Buffer.alloc(0)
  #locked = false

  /** `durable`: every line is on the disk before `append` returns. */
  constructor(path: string, reader: AppendReader, lock: StoreLock, durable: boolean) {
    this.path = path
    this.#reader = reader
    this.#durable = durable
    this.#lock = lock
  }

  /** The text behind the last newline: not empty when somebody left the last line open. */
  get openLine(): string {
    return this.#tail.toString('utf8')
  }

  /** The bytes that were read, without those of an open last line. */
  get completeBytes(): number {
    return this.#readBytes - this.#tail.length
  }

  get bytes(): number {
    return this.#readBytes
  }

  /** Runs `work` while nobody else writes; inside of another such call it just runs. */
  exclusively<Result>(work: () => Result): Result {
    if (this.#locked) return work()
    return this.#lock(this.path, () => {
      this.#locked = true
      try {
        return work()
      } finally {
        this.#locked = false
      }
    })
  }

  /** Reads everything anew at the next refresh. */
  forget(): void {
    this.#inode = null
  }

  /** Makes the folder and the file when they are missing, and reads what is new. */
  refresh(): void {
    this.#open((file) => this.#readNew(file))
  }

  /** Adds lines in one write; `text` does not end with a newline. Call `refresh` before, inside of the same `exclusively`. */
  append(text: string): void {
    this.#open((file) => {
      appendWhole(file, Buffer.from(`${text}\n`, 'utf8'))
      if (this.#durable) fsyncSync(file)
      this.#readNew(file)
    })
  }

  #open(use: (file: number) => void): void {
    withSystemErrors(this.path, () => {
      mkdirSync(dirname(this.path), { recursive: true })
      const file = openSync(this.path, 'a+')
      try {
        use(file)
      } finally {
        closeSync(file)
      }
    })
  }

  #readNew(file: number): void {
    const status = fstatSync(file, { bigint: true })
    const { ino } = status
    const bytes = Number(status.size)
    if (ino !== this.#inode || bytes < this.#readBytes) {
      this.#inode = ino
      this.#tail = Buffer.alloc(0)
      this.#readBytes = this.#reader.restart({ file, status })
    }
    while (this.#readBytes < bytes) {
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, bytes - this.#readBytes))
      const read = readSync(file, chunk, 0, chunk.length, this.#readBytes)
      if (read === 0) break
      this.#takeLines(chunk.subarray(0, read))
      this.#readBytes += read
    }
    this.#reader.readAll({ file, status })
  }

  #takeLines(chunk: Buffer): void {
    const start = this.completeBytes
    const bytes = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk])
    const end = bytes.lastIndexOf(newline) + 1
    if (end > 0) this.#reader.lines(bytes.subarray(0, end), start)
    this.#tail = Buffer.from(bytes.subarray(end))
  }
}

/** Writes all bytes at the end of a file, or none: a disk that is full in the middle leaves nothing half-written. */
export function appendWhole(file: number, bytes: Uint8Array): void {
  const { size } = fstatSync(file)
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
  } catch (error) {
    ftruncateSync(file, size)
    throw error
  }
}
