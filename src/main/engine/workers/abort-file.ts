import { randomUUID } from 'node:crypto'
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ErrorData } from '../../../shared/errors.ts'

/**
 * A loop that never yields hears no message, and memory cannot be shared between processes. So aborts are also written into a file
 * that both have open and that has no name any more where the system allows that: a few microseconds to look.
 */
export class AbortFile {
  readonly descriptor: number
  readonly #path: string
  #named = true

  constructor() {
    this.#path = join(tmpdir(), `guardhouse-${process.pid}-${randomUUID()}`)
    this.descriptor = openSync(this.#path, 'w+', 0o600)
    this.#unlink()
  }

  write(sequence: number, error: ErrorData): void {
    writeSync(this.descriptor, `${JSON.stringify({ sequence, error })}\n`)
  }

  close(): void {
    closeSync(this.descriptor)
    this.#unlink()
  }

  #unlink(): void {
    if (!this.#named) return
    try {
      unlinkSync(this.#path)
      this.#named = false
    } catch {
      // Windows keeps the name of an open file; it is tried once more when it is closed.
    }
  }
}

// More would be read at the next look.
const readBytes = 65_536
/** Time between two looks at the least, milliseconds: a loop may ask millions of times a second. */
const lookInterval = 1

/** The reading side, in the process. */
export class AbortReader {
  readonly #descriptor: number
  readonly #buffer = Buffer.alloc(readBytes)
  #position = 0
  #rest = ''
  #lookedAt = 0

  constructor(descriptor: number) {
    this.#descriptor = descriptor
  }

  /** Aborts written since the last look. */
  read(): { readonly sequence: number; readonly error: ErrorData }[] {
    const now = performance.now()
    if (now - this.#lookedAt < lookInterval) return []
    this.#lookedAt = now
    const bytes = readSync(this.#descriptor, this.#buffer, 0, readBytes, this.#position)
    if (bytes === 0) return []
    this.#position += bytes
    const lines = (this.#rest + this.#buffer.toString('latin1', 0, bytes)).split('\n')
    this.#rest = lines.pop() ?? ''
    return lines.map((line) => JSON.parse(Buffer.from(line, 'latin1').toString('utf8')))
  }
}
