import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { TraceSink } from './run-trace.ts'

// What is kept back at most until it is written.
const batchLength = 1 << 16

/** A trace in a file, which is made with the first line. Lines are written in batches, at the latest when it is closed. */
export class TraceFile implements TraceSink, Disposable {
  readonly #path: string
  #waiting = ''
  #file: number | null = null

  constructor(path: string) {
    this.#path = path
  }

  write(line: string): void {
    this.#waiting += line
    if (this.#waiting.length >= batchLength) this.flush()
  }

  /** Writes what is waiting. */
  flush(): void {
    if (this.#waiting === '') return
    this.#file ??= openFile(this.#path)
    const bytes = encode(this.#waiting)
    this.#waiting = ''
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#file, bytes, written)
  }

  [Symbol.dispose](): void {
    this.flush()
    if (this.#file !== null) closeSync(this.#file)
    this.#file = null
  }
}

/** Bytes of the batch that is just being written. Memory of this size made anew for each costs more than all else about it. */
let batchBytes: Buffer | null = null

/** The text in UTF-8; until the next call, for the memory is used again. */
function encode(text: string): Buffer {
  const most = text.length * 3
  if (batchBytes === null || batchBytes.length < most) {
    // One long line is not to keep its memory for ever.
    if (text.length >= 2 * batchLength) return Buffer.from(text, 'utf8')
    batchBytes = Buffer.allocUnsafeSlow(2 * batchLength * 3)
  }
  return batchBytes.subarray(0, batchBytes.write(text, 'utf8'))
}

function openFile(path: string): number {
  mkdirSync(dirname(path), { recursive: true })
  return openSync(path, 'a')
}
