import { type BigIntStats, readSync } from 'node:fs'
import { sha256Hex } from '../../json/canonical-hash.ts'

/** What is known of the beginning of a store's file, so that it need not be read again. */
export interface IndexHead {
  /** How many bytes of the file this is about. */
  readonly size: number
  readonly lines: number
  /** Records that count; 0 for a log. */
  readonly count: number
  /** Pages of the table behind the head; 0 for none. */
  readonly pages: number
  /** How many places the table holds. */
  readonly entries: number
}

/** An open file of a store, and what the system says of it. */
export interface OpenData {
  readonly file: number
  readonly status: BigIntStats
}

/** Where the table begins. */
export const headBytes = 96
/** "GHindex" and the version of the format. */
const mark = 0x03_78_65_64_6e_69_48_47n
const wordsAt = 32
const wordCount = (headBytes - wordsAt) / 8
const tailBytes = 4096

/**
 * A head as it is written: SHA-256 of all that follows, then words of 8 bytes for the mark, the inode and the time of the
 * file, and the counts. The hash is also over the last bytes of the file that the head speaks of: by those, and by inode, time
 * and size, a file that only grows is known again.
 */
export function printHead({ size, lines, count, pages, entries }: IndexHead, { file, status }: OpenData): Uint8Array {
  const bytes = Buffer.from(new ArrayBuffer(headBytes + tailBytes))
  const words = new BigUint64Array(bytes.buffer, wordsAt, wordCount)
  words.set([mark, status.ino, status.mtimeNs, ...[size, lines, count, pages, entries].map(BigInt)])
  bytes.write(hashWithTail(bytes, file, size), 0, 'hex')
  return bytes.subarray(0, headBytes)
}

/**
 * Reads the head of an open index. Null: this is none, or not what was written, or the file is another one by now. Plain code
 * in few functions: the first run of a process waits until all that is here has been compiled.
 */
export function readHead(index: number, { file, status }: OpenData): IndexHead | null {
  const bytes = Buffer.from(new ArrayBuffer(headBytes + tailBytes))
  const words = new BigUint64Array(bytes.buffer, wordsAt, wordCount)
  readSync(index, bytes, 0, headBytes, 0)
  const size = Number(words[3])
  if (words[0] !== mark || words[1] !== status.ino || status.size < size) return null
  // A file of the same length that was written since was changed somewhere; a longer one was written to in any case.
  if (Number(status.size) === size && words[2] !== status.mtimeNs) return null
  if (bytes.toString('hex', 0, wordsAt) !== hashWithTail(bytes, file, size)) return null
  return {
    size,
    lines: Number(words[4]),
    count: Number(words[5]),
    pages: Number(words[6]),
    entries: Number(words[7]),
  }
}

/** Of the words in `bytes` and the last bytes of the file before `size`, which are read behind them. */
function hashWithTail(bytes: Buffer, file: number, size: number): string {
  const length = size < tailBytes ? size : tailBytes
  const read = readSync(file, bytes, headBytes, length, size - length)
  return sha256Hex(bytes.subarray(wordsAt, headBytes + read))
}
