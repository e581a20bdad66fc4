import { stat } from 'node:fs'

/**
 * Starts libuv's thread pool (async fs, dns, crypto, zlib) from the calling thread.
 *
 * A thread inherits the CPU mask of the thread that creates it, and the pool is created whole by the first asynchronous
 * call of the process. If that call came from a bound worker, every file operation of the program would run on this
 * worker's CPU for ever. So: await this once on a thread that is not bound, before the first bind.
 */
export function warmUpThreadPool(): Promise<void> {
  // Whether the file is there does not matter, only that a pool thread was asked.
  return new Promise((resolve) => stat(process.execPath, () => resolve()))
}
