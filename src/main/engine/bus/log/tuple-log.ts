import { createReadStream, createWriteStream } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { GuardhouseError } from '../../../../shared/errors.ts'
import type { Tuple } from '../../../../shared/model/bus.ts'
import { TupleClock } from '../tuple-clock.ts'
import { spacedText } from '../tuple-text.ts'
import { nextPart } from './log-segments.ts'
import type { TupleJournal } from './tuple-journal.ts'

export interface TupleLogOptions {
  /** The growing file, such as `tuples.jsonl`; folders above it are made. */
  readonly path: string
  /** Size at which it is rotated away, bytes. */
  readonly maxBytes?: number
  /** batch: answers wait until the disk has the lines. none: until the operating system has them. */
  readonly fsync?: 'batch' | 'none'
  /** Whether what was rotated away is packed. */
  readonly pack?: boolean
  /** Milliseconds since 1970 UTC. */
  readonly wallNow?: () => number
  /** Told of packing that failed; nothing is lost then. */
  readonly onProblem?: (sentence: string) => void
}

const newline = 0x0a

/**
 * The tuple log: one line per `out` and `in`, as the original writes them. Lines that come while the disk is busy are written
 * together. The writer itself rotates, between two writes, by size and at the change of the UTC day; an empty log never.
 */
export class TupleLog implements TupleJournal {
  readonly #options: Required<Omit<TupleLogOptions, 'onProblem'>>
  readonly #onProblem: (sentence: string) => void
  readonly #clock: TupleClock
  #file: FileHandle
  #size: number
  #day: string
  #lines: string[] = []
  #batch: PromiseWithResolvers<void> | null = null
  #writing: Promise<void> | null = null
  #packing: Promise<void> = Promise.resolve()
  #closed = false

  private constructor(options: TupleLogOptions, file: FileHandle, size: number, day: string) {
    this.#options = { maxBytes: 64 << 20, fsync: 'none', pack: true, wallNow: Date.now, ...options }
    this.#onProblem = options.onProblem ?? (() => undefined)
    this.#clock = new TupleClock(() => this.#options.wallNow() * 1000)
    this.#file = file
    this.#size = size
    this.#day = day
  }

  /** Opens or makes the file. Throws `not-allowed` when it cannot be written. */
  static async open(options: TupleLogOptions): Promise<TupleLog> {
    const { path, wallNow = Date.now } = options
    try {
      await mkdir(dirname(path), { recursive: true })
      const file = await open(path, 'a+')
      const { size, mtimeMs } = await file.stat()
      const log = new TupleLog(options, file, size, dayOf(size > 0 ? mtimeMs : wallNow()))
      await log.#endTornLine()
      return log
    } catch (cause) {
      throw cannotWrite(path, cause)
    }
  }

  append(operation: 'out' | 'in', tuple: Tuple, replaced?: Tuple): Promise<void> {
    if (this.#closed) return Promise.reject(new GuardhouseError('stopped', 'the tuple log is closed'))
    const line = `{"op": "${operation}", "at": "${this.#clock.stamp()}", "tuple": ${spacedText(tuple)}`
    if (replaced === undefined) this.#lines.push(`${line}}\n`)
    else {
      // One line decides, whole or torn. For whoever reads lines as the original writes them the `in` follows, unless it means both.
      this.#lines.push(`${line}, "replaces": ${JSON.stringify(replaced.id)}}\n`)
      if (replaced.id !== tuple.id) void this.append('in', replaced)
    }
    this.#batch ??= Promise.withResolvers<void>()
    this.#writing ??= this.#write()
    return this.#batch.promise
  }

  /** Bytes of the growing file. */
  get size(): number {
    return this.#size
  }

  /** Writes what waits, then closes the file. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#writing
    await this.#packing
    await this.#file.close()
  }

  async #write(): Promise<void> {
    // Whatever is appended in the same turn belongs to the first batch.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#batch !== null) {
      const batch = this.#batch
      const text = this.#lines.join('')
      this.#batch = null
      this.#lines = []
      try {
        await this.#writeBatch(Buffer.from(text))
        batch.resolve()
      } catch (cause) {
        batch.reject(cannotWrite(this.#options.path, cause))
      }
    }
    this.#writing = null
  }

  async #writeBatch(bytes: Buffer): Promise<void> {
    const today = dayOf(this.#options.wallNow())
    if (this.#size > 0 && (today !== this.#day || this.#size + bytes.length > this.#options.maxBytes))
      await this.#rotate()
    this.#day = today
    try {
      await this.#file.appendFile(bytes)
      if (this.#options.fsync === 'batch') await this.#file.datasync()
      this.#size += bytes.length
    } catch (error) {
      // Nothing of a refused batch may stay, not even half a line.
      await this.#file.truncate(this.#size)
      throw error
    }
  }

  async #rotate(): Promise<void> {
    const { path, pack } = this.#options
    const part = await nextPart(path, this.#day)
    await this.#file.datasync()
    await rename(path, part)
    const old = this.#file
    this.#file = await open(path, 'a+')
    this.#size = 0
    await old.close()
    if (pack) this.#packing = this.#packing.then(() => this.#pack(part))
  }

  async #pack(part: string): Promise<void> {
    const unfinished = `${part}.gz.unfinished`
    try {
      await pipeline(createReadStream(part), createGzip({ level: 1 }), createWriteStream(unfinished, { flush: true }))
      await rename(unfinished, `${part}.gz`)
      await rm(part)
    } catch (error) {
      this.#onProblem(
        `${part} could not be packed and stays as it is: ${error instanceof Error ? error.message : error}`,
      )
    }
  }

  /** A crash may have cut the last line: what follows must begin on a line of its own. */
  async #endTornLine(): Promise<void> {
    if (this.#size === 0) return
    const last = Buffer.alloc(1)
    await this.#file.read(last, 0, 1, this.#size - 1)
    if (last[0] === newline) return
    await this.#file.appendFile('\n')
    this.#size += 1
  }
}

function dayOf(wall: number): string {
  return new Date(wall).toISOString().slice(0, 10).replaceAll('-', '')
}

function cannotWrite(path: string, cause: unknown): GuardhouseError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new GuardhouseError('not-allowed', `the tuple log ${path} cannot be written: ${why}`, {
    hint: 'Make room or make the folder writable; what was refused is not in the space.',
    cause,
  })
}
