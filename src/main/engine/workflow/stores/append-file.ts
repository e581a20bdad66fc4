import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { assert } from '../../../../shared/assert.ts'
import { withSystemErrors } from './system-error.ts'

/** What a reader of an append-only file is told as the file grows. */
export interface AppendReader {
  /** Forget everything: the file is another one, or was cut. */
  restart(): void
  /** Complete lines; the last byte is a newline. */
  lines(bytes: Buffer): void
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
  #inode: bigint | null = null
  #readBytes = 0
  /** Bytes behind the last newline. */
  #tail = Buffer.alloc(0)

  constructor(path: string, reader: AppendReader) {
    this.path = path
    this.#reader = reader
  }

  /** The text behind the last newline: not empty when somebody left the last line open. */
  get openLine(): string {
    return this.#tail.toString('utf8')
  }

  /** Makes the folder and the file when they are missing, and reads what is new. */
  refresh(): void {
    this.#open((file) => this.#readNew(file))
  }

  /** Adds a line in one write. Call `refresh` before, in the same turn. */
  append(line: string): void {
    this.#open((file) => {
      const bytes = Buffer.from(`${line}\n`, 'utf8')
      assert(writeSync(file, bytes) === bytes.length, 'a local file takes a line in one write')
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
    const { ino, size } = fstatSync(file, { bigint: true })
    const bytes = Number(size)
    if (ino !== this.#inode || bytes < this.#readBytes) {
      this.#inode = ino
      this.#readBytes = 0
      this.#tail = Buffer.alloc(0)
      this.#reader.restart()
    }
    while (this.#readBytes < bytes) {
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, bytes - this.#readBytes))
      const read = readSync(file, chunk, 0, chunk.length, this.#readBytes)
      if (read === 0) return
      this.#readBytes += read
      this.#takeLines(chunk.subarray(0, read))
    }
  }

  #takeLines(chunk: Buffer): void {
    const bytes = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk])
    const end = bytes.lastIndexOf(newline) + 1
    if (end > 0) this.#reader.lines(bytes.subarray(0, end))
    this.#tail = Buffer.from(bytes.subarray(end))
  }
}
