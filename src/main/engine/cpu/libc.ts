import { readlinkSync } from 'node:fs'
import { GuardhouseError } from '../../../shared/errors.ts'
import { firstLine } from './first-line.ts'
import { loadForeignFunctions } from './foreign-functions.ts'

/** The Linux calls that bind a thread, each acting on the calling thread. Masks are bit sets, CPU 0 the lowest bit of byte 0. */
export interface Libc {
  /** sched_setaffinity(2): 0, or -1 with `errno`. */
  setAffinity(mask: Uint8Array): number
  /** sched_getaffinity(2): 0 with `mask` filled, or -1 with `errno`. */
  getAffinity(mask: Uint8Array): number
  /** sched_setscheduler(2) with SCHED_BATCH: 0, or -1 with `errno`. */
  setBatchPolicy(): number
  /** sched_getcpu(3): the CPU the thread runs on, or -1. */
  currentCpu(): number
  /** The last call's error number. */
  errno(): number
  /** Id of the thread as /proc names it; null where /proc is not mounted. */
  threadId(): number | null
}

/** SCHED_BATCH of sched(7). */
const batchPolicy = 3

/** Throws a GuardhouseError of kind `unsupported` when the C library cannot be called. */
export function loadLibc(): Libc {
  const koffi = loadForeignFunctions()
  try {
    // The running program itself rather than a file: glibc and musl name their library differently, and Node has it loaded.
    const program = koffi.load(null)
    const setAffinity = program.func('int sched_setaffinity(int thread, size_t size, const uint8_t *mask)')
    const getAffinity = program.func('int sched_getaffinity(int thread, size_t size, _Out_ uint8_t *mask)')
    const setScheduler = program.func('int sched_setscheduler(int thread, int policy, const int *priority)')
    const getCpu = program.func('int sched_getcpu()')
    // Thread 0 means the calling thread.
    return {
      setAffinity: (mask) => setAffinity(0, mask.byteLength, mask),
      getAffinity: (mask) => getAffinity(0, mask.byteLength, mask),
      setBatchPolicy: () => setScheduler(0, batchPolicy, [0]),
      currentCpu: () => getCpu(),
      errno: () => koffi.errno(),
      threadId: readThreadId,
    }
  } catch (cause) {
    throw new GuardhouseError('unsupported', `the C library's affinity calls cannot be used: ${firstLine(cause)}`, {
      cause,
    })
  }
}

/**
 * Id of the calling thread, taken from /proc rather than from gettid(2): in a container whose /proc belongs to another pid
 * namespace the two differ, and /proc's is the one under which the thread is sampled.
 */
export function readThreadId(): number | null {
  try {
    const id = Number(readlinkSync('/proc/thread-self').split('/').at(-1))
    return Number.isInteger(id) ? id : null
  } catch {
    // Without /proc nothing can be sampled either: an unknown id says just that.
    return null
  }
}
