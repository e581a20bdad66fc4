import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { GuardhouseError } from '../../../../shared/errors.ts'
import { codeOf } from '../../system/error-code.ts'
import { isProcessAlive } from '../../system/is-process-alive.ts'

const patienceMs = 60_000
/**
 * What a lock guards takes far less than this. A lock that is older was left behind: by a thread that was ended in the
 * middle, while its process lives on, or by an owner who cannot be asked.
 */
const abandonedMs = 30_000
const pause = new Int32Array(new SharedArrayBuffer(4))
const host = hostname()

/**
 * Runs `work` while nobody else, in whatever thread or process, holds the lock of `path`: a file `<path>.lock` that is gone
 * afterwards. A lock whose owner has died is taken over. Where no file can be made, `work` runs all the same: its own file
 * operations say what is wrong with the place. Throws a GuardhouseError `timeout` when the lock is not free in time.
 */
export function withFileLock<Result>(path: string, work: () => Result): Result {
  const lock = `${path}.lock`
  if (!acquire(lock)) return work()
  try {
    return work()
  } finally {
    rmSync(lock, { force: true })
  }
}

/** Takes several locks at once, always in the same order, so that two who want the same do not wait for each other. */
export function withFileLocks<Result>(paths: readonly string[], work: () => Result): Result {
  const [first, ...rest] = [...new Set(paths)].sort()
  return first === undefined ? work() : withFileLock(first, () => withFileLocks(rest, work))
}

/** False: no lock can be made at this place. */
function acquire(lock: string): boolean {
  const deadline = performance.now() + patienceMs
  for (let round = 0; ; round += 1) {
    const taken = take(lock)
    if (taken !== false) return taken === true
    if (isAbandoned(lock)) {
      breakAbandoned(lock)
      continue
    }
    if (performance.now() > deadline) throw heldTooLong(lock)
    // The thread has nothing else to do here: what the lock guards takes microseconds.
    Atomics.wait(pause, 0, 0, Math.min(5, 0.2 * (round + 1)) * (0.5 + Math.random()))
  }
}

/** True: taken; false: somebody else has it; null: it cannot be made here. */
function take(lock: string): boolean | null {
  try {
    const file = openSync(lock, 'wx')
    try {
      writeSync(file, `${process.pid} ${host}\n`)
    } finally {
      closeSync(file)
    }
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    return codeOf(error) === 'ENOENT' && makeFolder(dirname(lock)) ? take(lock) : null
  }
}

function makeFolder(path: string): boolean {
  try {
    return mkdirSync(path, { recursive: true }) !== undefined
  } catch {
    return false
  }
}

function isAbandoned(lock: string): boolean {
  try {
    const [pid = '', owner = ''] = readFileSync(lock, 'utf8').trim().split(' ')
    if (owner === host && /^\d+$/.test(pid) && !isProcessAlive(Number(pid))) return true
    return Date.now() - statSync(lock).mtimeMs > abandonedMs
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

/**
 * Between seeing that a lock is abandoned and removing it, another one may have removed it and taken it anew. So only who
 * holds the right to break it removes it, and looks once more before.
 */
function breakAbandoned(lock: string): void {
  const shared = `${lock}.break`
  if (take(shared) !== true) {
    if (ageOf(shared) > abandonedMs) rmSync(shared, { force: true })
    else Atomics.wait(pause, 0, 0, 1)
    return
  }
  try {
    if (isAbandoned(lock)) rmSync(lock, { force: true })
  } finally {
    rmSync(shared, { force: true })
  }
}

function ageOf(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs
  } catch {
    return 0
  }
}

function heldTooLong(lock: string): GuardhouseError {
  return new GuardhouseError('timeout', `The store is in use for more than ${patienceMs / 1000} s: ${lock}`, {
    hint: 'end the program that holds it, or remove the lock when there is none',
  })
}
