/** Shares of one core, 0..1, over the last looks; null until that is known, or where the system does not tell. */
export interface ProcessShares {
  /** Threads that keep things on the disk: journal, its reader, receipts. */
  readonly keeping: number | null
  /** Everything of the process besides these, the workers and the control thread: what looking on costs, and the engine of the language. */
  readonly rest: number | null
}

/** CPU time used so far, microseconds. */
export interface CostSources {
  /** All threads of the process, also those that have ended. */
  readonly process: () => number
  readonly control: () => number
  /** All workers, also those that have ended; null where the system does not tell. */
  readonly workers: () => number | null
  /** The threads that keep things. One that has ended rejects. */
  readonly keepers: readonly (() => Promise<number>)[]
}

interface Reading {
  readonly at: number
  readonly keeping: number
  readonly rest: number | null
}

/**
 * Over how many looks a share is taken. Threads are read one after another, and what one uses between two readings counts as another's;
 * from one look to the next that can be half of what there is.
 */
const looksTaken = 10

/** What the process costs outside of workers and control thread. Looks when told to. */
export class ProcessCost {
  readonly #sources: CostSources
  readonly #now: () => number
  readonly #keepers: number[]
  readonly #readings: Reading[] = []
  #looking = false
  #shares: ProcessShares = { keeping: null, rest: null }

  constructor(sources: CostSources, now: () => number = () => performance.now()) {
    this.#sources = sources
    this.#now = now
    this.#keepers = sources.keepers.map(() => 0)
  }

  /** As of the newest look. */
  get shares(): ProcessShares {
    return this.#shares
  }

  /** A look while another is under way is none. Never rejects. */
  async look(): Promise<void> {
    if (this.#looking) return
    this.#looking = true
    // A thread answers when it gets to it; the others are read afterwards, in one instant.
    await Promise.all(this.#sources.keepers.map((read, index) => this.#readKeeper(read, index)))
    this.#looking = false
    this.#compare(this.#read())
  }

  async #readKeeper(read: () => Promise<number>, index: number): Promise<void> {
    try {
      this.#keepers[index] = await read()
    } catch {
      // It has ended: what it had used by the last look stays used, and it uses nothing more.
    }
  }

  #read(): Reading {
    const { process, control, workers } = this.#sources
    const keeping = this.#keepers.reduce((sum, time) => sum + time, 0)
    const used = workers()
    return { at: this.#now(), keeping, rest: used === null ? null : process() - control() - used - keeping }
  }

  #compare(reading: Reading): void {
    const [before] = this.#readings
    this.#readings.push(reading)
    if (this.#readings.length > looksTaken) this.#readings.shift()
    if (before === undefined || reading.at <= before.at) return
    const elapsed = (reading.at - before.at) * 1000
    // A difference of differences can come out a little below nothing.
    const share = (used: number) => Math.max(0, used / elapsed)
    this.#shares = {
      keeping: share(reading.keeping - before.keeping),
      rest: reading.rest === null || before.rest === null ? null : share(reading.rest - before.rest),
    }
  }
}
