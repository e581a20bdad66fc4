import { isCommitting, recoverCommit } from './commit-journal.ts'
import { withFileLock } from './file-lock.ts'

/** Keeps others from a store while something is done with it. */
export type StoreLock = <Result>(path: string, work: () => Result) => Result

/**
 * The lock for the stores of a data root. Who gets the lock of one who died in the middle of a commit first finishes that
 * commit.
 */
export function storeLock(dataRoot: string): StoreLock {
  return (path, work) => {
    for (;;) {
      const done = withFileLock(path, () => (isCommitting(dataRoot) ? null : { result: work() }))
      if (done !== null) return done.result
      // Not while holding the lock: who commits may be waiting for it.
      recoverCommit(dataRoot)
    }
  }
}
