import { sha256Hex } from '../../json/canonical-hash.ts'
import type { FileStamp } from './file-stamp.ts'

/** What is known of the beginning of a store's file, so that it need not be read again. */
export interface IndexHead {
  readonly stamp: FileStamp
  readonly lines: number
  /** Records that count; 0 for a log. */
  readonly count: number
  /** Pages of the table behind the head; 0 for none. */
  readonly pages: number
  /** How many places the table holds. */
  readonly entries: number
}

/** Where the table begins. */
export const headBytes = 128
/** "GHindex" and the version of the format. */
const mark = 0x02_78_65_64_6e_69_48_47n
const tailAt = 64
const hashAt = 96

/**
 * The head as it is written: words of 8 bytes for the mark, the stamp and the counts, then the hash of the file's tail, then
 * SHA-256 of all that. Binary and of fixed places, because the first run of a process waits for it.
 */
export function printHead({ stamp, lines, count, pages, entries }: IndexHead): Uint8Array {
  const words = new BigUint64Array(headBytes / 8)
  const counts = [stamp.size, lines, count, pages, entries].map(BigInt)
  words.set([mark, BigInt(stamp.inode), BigInt(stamp.mtime), ...counts])
  const bytes = Buffer.from(words.buffer)
  bytes.write(stamp.tail, tailAt, 'hex')
  bytes.write(sha256Hex(bytes.subarray(0, hashAt)), hashAt, 'hex')
  return bytes
}

/** Null: this is no head, or not what was written. `words` are those of the first `headBytes`. */
export function readHead(words: BigUint64Array): IndexHead | null {
  const [found, inode = 0n, mtime = 0n, size = 0n, lines = 0n, count = 0n, pages = 0n, entries = 0n] = words
  if (found !== mark) return null
  const bytes = Buffer.from(words.buffer)
  if (bytes.toString('hex', hashAt) !== sha256Hex(bytes.subarray(0, hashAt))) return null
  return {
    stamp: {
      inode: String(inode),
      mtime: String(mtime),
      size: Number(size),
      tail: bytes.toString('hex', tailAt, hashAt),
    },
    lines: Number(lines),
    count: Number(count),
    pages: Number(pages),
    entries: Number(entries),
  }
}
