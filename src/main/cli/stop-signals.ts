const stopping = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Exit code of a program that Ctrl-C ended: 128 and the number of the signal. */
const interrupted = 130

/**
 * The first signal asks for an orderly stop, the second one ends the process at once; the system ends every thread with it.
 * Disposing gives signals their usual meaning back.
 */
export class StopSignals implements Disposable {
  /** Settles with the first signal. */
  readonly asked: Promise<NodeJS.Signals>
  readonly #receive: (signal: NodeJS.Signals) => void

  constructor(endNow: (code: number) => void = (code) => process.exit(code)) {
    const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>()
    let first = true
    this.asked = promise
    this.#receive = (signal) => {
      if (!first) endNow(interrupted)
      first = false
      resolve(signal)
    }
    for (const signal of stopping) process.on(signal, this.#receive)
  }

  [Symbol.dispose](): void {
    for (const signal of stopping) process.off(signal, this.#receive)
  }
}
