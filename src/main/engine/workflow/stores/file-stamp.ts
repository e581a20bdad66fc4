import { fstatSync, readSync } from 'node:fs'
import { sha256Hex } from '../../json/canonical-hash.ts'

/** By what a file that only grows is known again: what stands in it up to `size` is what it was. */
export interface FileStamp {
  readonly inode: string
  readonly size: number
  readonly mtime: string
  /** SHA-256 of the bytes before `size`, at most `tailBytes` of them. */
  readonly tail: string
}

const tailBytes = 4096

/** The stamp of an open file as far as `size`. */
export function stampOf(file: number, size: number): FileStamp {
  const { ino, mtimeNs } = fstatSync(file, { bigint: true })
  return { inode: String(ino), size, mtime: String(mtimeNs), tail: tailHash(file, size) }
}

/** True when the beginning of an open file is what a stamp was made of. */
export function isStampOf(file: number, stamp: FileStamp): boolean {
  const { ino, size, mtimeNs } = fstatSync(file, { bigint: true })
  if (String(ino) !== stamp.inode || Number(size) < stamp.size) return false
  // A file of the same length that was written since was changed somewhere; a longer one was written to in any case.
  if (Number(size) === stamp.size && String(mtimeNs) !== stamp.mtime) return false
  return tailHash(file, stamp.size) === stamp.tail
}

function tailHash(file: number, size: number): string {
  const bytes = Buffer.alloc(Math.min(tailBytes, size))
  const read = readSync(file, bytes, 0, bytes.length, size - bytes.length)
  return sha256Hex(bytes.subarray(0, read))
}
