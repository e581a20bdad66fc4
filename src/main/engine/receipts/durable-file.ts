import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'

let next = 0

/** Writes a file so that readers see the old content or the new, never a part. With `sync`, it is on the disk when this returns. */
export function writeWhole(path: string, content: string | Uint8Array, sync: boolean): void {
  next += 1
  const partial = `${path}.${process.pid}-${next}.partial`
  try {
    const file = openSync(partial, 'wx')
    try {
      writeAll(file, content)
      if (sync) fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(partial, path)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
}

/** Makes renames within a folder last. Windows does so by itself and refuses to open folders. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** A disk that gets full takes a part and says so only at the next call. Returns the bytes written. */
export function writeAll(file: number, content: string | Uint8Array): number {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done)
  return bytes.length
}
