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
/** "GHi" and the version of the format. */
const mark = 0x02_69_48_47
const checkedBytes = 96
const hashBytes = 32

/**
 * The head as it is written: the mark, the stamp and the counts as little-endian numbers of 8 bytes, the hash of the
 * file's tail, and SHA-256 of all that. Binary and of fixed places, because the first run of a process waits for it.
 */
export function printHead({ stamp, lines, count, pages, entries }: IndexHead): Uint8Array {
  const bytes = Buffer.alloc(headBytes)
  bytes.writeUInt32LE(mark, 0)
  bytes.writeBigUInt64LE(BigInt(stamp.inode), 8)
  bytes.writeBigUInt64LE(BigInt(stamp.mtime), 16)
  for (const [index, number] of [stamp.size, lines, count, pages, entries].entries()) {
    bytes.writeDoubleLE(number, 24 + index * 8)
  }
  bytes.write(stamp.tail, 64, hashBytes, 'hex')
  bytes.write(sha256Hex(bytes.subarray(0, checkedBytes)), checkedBytes, hashBytes, 'hex')
  return bytes
}

/** Null: this is no head, or not what was written. */
export function readHead(bytes: Buffer): IndexHead | null {
  if (bytes.length < headBytes || bytes.readUInt32LE(0) !== mark) return null
  if (bytes.toString('hex', checkedBytes, headBytes) !== sha256Hex(bytes.subarray(0, checkedBytes))) return null
  const number = (index: number): number => bytes.readDoubleLE(24 + index * 8)
  return {
    stamp: {
      inode: String(bytes.readBigUInt64LE(8)),
      mtime: String(bytes.readBigUInt64LE(16)),
      size: number(0),
      tail: bytes.toString('hex', 64, checkedBytes),
    },
    lines: number(1),
    count: number(2),
    pages: number(3),
    entries: number(4),
  }
}
