import type { Worker } from 'node:worker_threads'

/**
 * A native module that is being loaded while its thread is terminated may end the whole process: it gets an exception where it
 * reckons with none. So a thread says when it loads one, and whoever ends the thread lets it finish that. One word of
 * shared memory; each side changes it by exchanging it.
 */
const states = { free: 0, loading: 1, ending: 2 } as const

/** A thread whose native module has not loaded by then is ended all the same; milliseconds. */
const patience = 2000

export function makeLoadingWord(): SharedArrayBuffer {
  return new SharedArrayBuffer(4)
}

/** The thread's side. */
export class NativeLoading {
  readonly #word: Int32Array

  constructor(word: SharedArrayBuffer) {
    this.#word = new Int32Array(word)
  }

  /** Runs `load`, during which the thread is not ended; does not come back when it is to end already. */
  during<Value>(load: () => Value): Value {
    // One within another is covered by the outer one.
    const before = Atomics.compareExchange(this.#word, 0, states.free, states.loading)
    if (before === states.ending) waitForTheEnd()
    try {
      return load()
    } finally {
      if (before === states.free) {
        Atomics.store(this.#word, 0, states.free)
        Atomics.notify(this.#word, 0)
      }
    }
  }

  /** From now on that holds for every native module that this thread loads, those of operations too. */
  guardModules(): void {
    const open = process.dlopen
    process.dlopen = (...given: Parameters<typeof open>) => this.during(() => open.apply(process, given))
  }
}

/** Whoever ends this thread has made sure that it loads nothing, and is about to. */
function waitForTheEnd(): never {
  const never = new Int32Array(new SharedArrayBuffer(4))
  for (;;) Atomics.wait(never, 0, 0)
}

/** A thread and the word it shares with whoever ends it. */
export interface LoadingThread {
  readonly thread: Pick<Worker, 'terminate'>
  readonly loading: SharedArrayBuffer
}

/** The other side: terminates the thread, at once unless it is loading something. Resolves when it has ended. */
export function endThread({ thread, loading }: LoadingThread): Promise<unknown> {
  const word = new Int32Array(loading)
  if (Atomics.compareExchange(word, 0, states.free, states.ending) !== states.loading) return thread.terminate()
  const loaded = Atomics.waitAsync(word, 0, states.loading, patience)
  return Promise.resolve(loaded.value).then((how) =>
    how === 'timed-out' ? thread.terminate() : endThread({ thread, loading }),
  )
}
