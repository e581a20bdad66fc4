import { toErrorData } from '../../../shared/errors.ts'
import type { ReceiptStore } from './receipt-store.ts'

/** How long after a failure to write the disk is tried again, milliseconds. */
const retryAfterMs = 5000

/** Brings files to the disk when nothing else is asked. */
export class Settling {
  readonly #store: ReceiptStore
  readonly #notice: (text: string) => void
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> = Promise.resolve()
  #told = false

  constructor(store: ReceiptStore, notice: (text: string) => void) {
    this.#store = store
    this.#notice = notice
  }

  soon(delay = 50): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      this.#running = this.#run()
    }, delay)
  }

  async finish(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    await this.#running
  }

  async #run(): Promise<void> {
    try {
      const more = await this.#store.settle()
      this.#told = false
      if (more) this.soon(0)
    } catch (error) {
      if (!this.#told) {
        this.#notice(`Receipts wait for the disk, which refuses: ${toErrorData(error).message}`)
      }
      this.#told = true
      this.soon(retryAfterMs)
    }
  }
}
