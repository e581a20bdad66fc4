import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'

/** Writes a whole file, which is on the disk when this returns. */
export function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'w')
  try {
    const bytes = Buffer.from(text, 'utf8')
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
