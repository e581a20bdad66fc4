import { codeOf } from '../../system/error-code.ts'

/** What the reference's language calls the failures of the file system; they end up in traces. */
const knownFailures: Readonly<Record<string, readonly [number: number, text: string]>> = {
  EPERM: [1, 'Operation not permitted'],
  ENOENT: [2, 'No such file or directory'],
  EIO: [5, 'Input/output error'],
  EACCES: [13, 'Permission denied'],
  EEXIST: [17, 'File exists'],
  ENOTDIR: [20, 'Not a directory'],
  EISDIR: [21, 'Is a directory'],
  EMFILE: [24, 'Too many open files'],
  ENOSPC: [28, 'No space left on device'],
  EROFS: [30, 'Read-only file system'],
  ENAMETOOLONG: [36, 'File name too long'],
  ELOOP: [40, 'Too many levels of symbolic links'],
}

/** Runs a file operation; its failure is worded as the reference words it: `[Errno 21] Is a directory: '<path>'`. */
export function withSystemErrors<Result>(path: string, operation: () => Result): Result {
  try {
    return operation()
  } catch (error) {
    const code = codeOf(error)
    const known = code === null ? undefined : knownFailures[code]
    if (known === undefined) throw error
    throw new Error(`[Errno ${known[0]}] ${known[1]}: '${path}'`, { cause: error })
  }
}
