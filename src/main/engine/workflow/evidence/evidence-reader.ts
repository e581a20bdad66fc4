import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { GuardhouseError } from '../../../../shared/errors.ts'
import { parseJson } from '../../json/parse.ts'
import { isObject } from '../../json/value.ts'
import { chainStart, linkOf, splitLine } from './evidence-chain.ts'
import type { EvidenceRecord } from './evidence-record.ts'
import { readRecord } from './read-record.ts'

const newline = 0x0a
const chunkBytes = 1 << 20
/** The places of every so many lines are kept: a range is found by reading at most this many lines too much. */
const markEvery = 256

/** One line of an evidence. */
export interface EvidenceLine {
  /** Counts from 0. */
  readonly index: number
  readonly record: EvidenceRecord
  /** False: this line, or the link in it, is not as it was written. */
  readonly genuine: boolean
  readonly link: string
}

/** The lines of an evidence, wherever they are. */
export interface EvidenceLines {
  readonly path: string
  /** How many whole lines there are. */
  readonly length: number
  /** True when something stands behind the last newline. */
  readonly open: boolean
  lines(first: number, count: number): EvidenceLine[]
  all(): Iterable<EvidenceLine>
}

/** Reads an evidence by ranges, so that its length does not matter. A line without a newline at the end is left out. */
export class EvidenceReader implements EvidenceLines, Disposable {
  readonly path: string
  readonly #file: number
  readonly #marks: number[] = []
  #lines = 0
  #bytes = 0

  /** Reads at first as much as `refresh(most)`. Throws a GuardhouseError when there is no such file. */
  constructor(path: string, most = Number.POSITIVE_INFINITY) {
    this.path = path
    this.#file = openFile(path)
    this.refresh(most)
  }

  /** How many whole lines there are. */
  get length(): number {
    return this.#lines
  }

  /** True when something stands behind the last newline: the run is being written, or broke off. */
  get open(): boolean {
    return fstatSync(this.#file).size > this.#bytes
  }

  /**
   * Takes in what was written since, of that at least `most` bytes and the end of the line begun in them. True when there is
   * more.
   */
  refresh(most = Number.POSITIVE_INFINITY): boolean {
    const { size } = fstatSync(this.#file)
    const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(1, size - this.#bytes)))
    const begun = this.#bytes
    for (let at = begun; at < size; ) {
      if (at - begun >= most && this.#bytes > begun) return true
      const read = readSync(this.#file, chunk, 0, chunk.length, at)
      if (read === 0) break
      this.#takeLines(chunk.subarray(0, read), at)
      at += read
    }
    return false
  }

  /** The texts of up to `count` lines from `first`. */
  texts(first: number, count: number): string[] {
    const last = Math.min(this.#lines, first + count)
    if (first < 0 || last <= first) return []
    const before = Math.floor(first / markEvery)
    const start = this.#marks[before] ?? 0
    const end = this.#marks[Math.ceil(last / markEvery)] ?? this.#bytes
    const bytes = Buffer.allocUnsafe(end - start)
    for (let read = 0; read < bytes.length; ) {
      const more = readSync(this.#file, bytes, read, bytes.length - read, start + read)
      if (more === 0) break
      read += more
    }
    const skipped = first - before * markEvery
    return bytes
      .toString('utf8')
      .split('\n', skipped + last - first)
      .slice(skipped)
  }

  /** Up to `count` lines from `first`. Throws a GuardhouseError that names line and file when one is no record. */
  lines(first: number, count: number): EvidenceLine[] {
    const [before] = first > 0 ? this.texts(first - 1, 1) : []
    let link = before === undefined ? chainStart : (splitLine(before)?.link ?? '')
    return this.texts(first, count).map((text, offset) => {
      const line = readLine(text, first + offset, link, this.path)
      link = line.link
      return line
    })
  }

  /** Every line, a stretch at a time. */
  *all(): Generator<EvidenceLine> {
    for (let first = 0; first < this.#lines; first += markEvery) yield* this.lines(first, markEvery)
  }

  [Symbol.dispose](): void {
    closeSync(this.#file)
  }

  #takeLines(chunk: Buffer, start: number): void {
    if (this.#lines === 0 && this.#marks.length === 0) this.#marks.push(0)
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) {
      this.#lines += 1
      this.#bytes = start + at + 1
      if (this.#lines % markEvery === 0) this.#marks.push(this.#bytes)
    }
  }
}

/** Reads one line; `previous` is the link before it. Throws a GuardhouseError that names line and file. */
export function readLine(text: string, index: number, previous: string, path: string): EvidenceLine {
  const parts = splitLine(text)
  const record = readNamed(parts?.record ?? text, index, path)
  if (parts === null) return { index, record, genuine: false, link: '' }
  return { index, record, genuine: linkOf(previous, parts.record) === parts.link, link: parts.link }
}

function readNamed(text: string, index: number, path: string): EvidenceRecord {
  try {
    const value = parseJson(text)
    if (!isObject(value)) throw new GuardhouseError('bad-request', 'it is not a JSON object')
    return readRecord(value)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new GuardhouseError('bad-request', `Line ${index + 1} of ${path} is not a record of an evidence: ${why}`, {
      hint: 'restore the file from a copy, or run the workflow again',
      cause: error,
    })
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new GuardhouseError('not-found', `Evidence file not found: ${path}`, { cause: error })
    }
    throw new GuardhouseError('operation-failed', `Evidence file cannot be read: ${path}`, { cause: error })
  }
}
