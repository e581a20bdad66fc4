import { loadForeignFunctions } from '../cpu/foreign-functions.ts'

/** Of mmap(2), the same on Linux and macOS. */
const readAndWrite = 3
const shared = 1

/**
 * Memory that is the file: what is stored there is the kernel's at once, as if it had been written, and so survives any death of the
 * process, for a few nanoseconds instead of a system call. The file must have its `bytes` already. It stays mapped as long as the
 * process lives, since nobody can know whether the view is still used. Null where that is not possible, for instance where the
 * runtime allows no memory outside of its own heap, as Electron does; then the file has to be written.
 */
export function mapFile(file: number, bytes: number): ArrayBuffer | null {
  if (process.platform !== 'linux' && process.platform !== 'darwin') return null
  try {
    const koffi = loadForeignFunctions()
    const program = koffi.load(null)
    const map = program.func('void *mmap(void *at, size_t bytes, int protection, int flags, int file, int64_t offset)')
    const address: unknown = map(null, bytes, readAndWrite, shared, file, 0)
    // It fails with the address -1.
    if (typeof address !== 'bigint' || BigInt.asIntN(64, address) === -1n) return null
    return koffi.view(address, bytes)
  } catch {
    return null
  }
}
