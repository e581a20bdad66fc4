// A thread that has not told so long after its process was killed that it is gone will not; milliseconds.
const patience = 2000

/** What the control thread knows of a worker's child process: enough to end it when its thread cannot. */
export class WorkerProcess {
  /** Null while there is none. */
  id: number | null = null
  #ended: (() => void) | null = null

  /** The thread tells that it has started a process, or that it has none any more. */
  told(id: number | null): void {
    this.id = id
    if (id === null) this.#ended?.()
  }

  /** Ends the process while its thread is still there to hear of it, so that the system can forget it. */
  async end(): Promise<void> {
    if (this.id === null) return
    const heard = new Promise<void>((resolve) => {
      this.#ended = resolve
      setTimeout(resolve, patience).unref()
    })
    this.#kill()
    await heard
  }

  /** The thread is gone, and with it whoever could have ended the process, which may never look up by itself. */
  orphaned(): void {
    this.#kill()
    this.id = null
  }

  #kill(): void {
    if (this.id === null) return
    try {
      process.kill(this.id, 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }
}
