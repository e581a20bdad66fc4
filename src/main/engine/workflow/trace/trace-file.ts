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
    const bytes = Buffer.from(this.#waiting, 'utf8')
    this.#waiting = ''
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#file, bytes, written)
  }

  [Symbol.dispose](): void {
    this.flush()
    if (this.#file !== null) closeSync(this.#file)
    this.#file = null
  }
}

function openFile(path: string): number {
  mkdirSync(dirname(path), { recursive: true })
  return openSync(path, 'a')
}
