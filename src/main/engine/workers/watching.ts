const bestScore = 8
// Watches in vain before it stops: two, from the best score four.
const costOfFailure = 2
// Often enough to notice within milliseconds that it pays again, seldom enough to cost nothing while it does not.
const probeEvery = 256
// Between two looks at the clock.
const glances = 20

/**
 * Whether to look for something a moment before sleeping. Waking a thread costs 20 to 50 microseconds on most machines, so under short
 * tokens looking is cheaper, but only while the other side has a CPU of its own: where both share one, whoever looks keeps the other from
 * doing what is looked for. That cannot be known beforehand, so watching pays or it stops.
 */
export class Watching {
  #score = bestScore / 2
  #skipped = 0

  pays(): boolean {
    if (this.#score > 0) return true
    this.#skipped += 1
    if (this.#skipped < probeEvery) return false
    this.#skipped = 0
    return true
  }

  /** Looks until it is found or the time is over, and learns from it. */
  watch(found: () => boolean, now: () => number, until: number): boolean {
    do {
      for (let glance = 0; glance < glances; glance++) {
        if (!found()) continue
        this.learn(true)
        return true
      }
    } while (now() < until)
    this.learn(false)
    return false
  }

  learn(found: boolean): void {
    if (found) this.#score = Math.min(bestScore, Math.max(0, this.#score) + 1)
    else this.#score = Math.max(0, this.#score - costOfFailure)
  }
}
