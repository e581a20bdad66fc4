import type { StorageOptions } from './storage-options.ts'

const mebibyte = 1_048_576
/** How often the clock and the disk are looked at, milliseconds. */
const lookEvery = 60_000
/** After a collection for want of space the next one waits, milliseconds: what could go is gone. */
const pressureRest = 600_000

export type CollectionCause = 'nightly' | 'disk pressure'

export interface ScheduleParts {
  readonly options: () => StorageOptions
  readonly now: () => Date
  /** Free bytes on the disk of what is kept. */
  readonly freeBytes: () => Promise<number>
  /** Starts a collection. */
  readonly collect: (cause: CollectionCause, freeBytes: number) => Promise<void>
}

/** Runs a collection once a day, and at once when the disk gets full. */
export class CollectionSchedule implements Disposable {
  readonly #parts: ScheduleParts
  readonly #timer: NodeJS.Timeout
  #nightlyDay = ''
  #pressedAt = Number.NEGATIVE_INFINITY
  #busy = false

  constructor(parts: ScheduleParts) {
    this.#parts = parts
    this.#timer = setInterval(() => void this.look(), lookEvery)
    this.#timer.unref()
  }

  /** Looks at the clock and the disk; called by itself every minute. */
  async look(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    try {
      const { options, now, freeBytes, collect } = this.#parts
      const free = await freeBytes()
      if (free < options().diskFloorMiB * mebibyte && now().getTime() - this.#pressedAt >= pressureRest) {
        this.#pressedAt = now().getTime()
        await collect('disk pressure', free)
      } else if (this.#isDue(now())) {
        this.#nightlyDay = now().toDateString()
        await collect('nightly', free)
      }
    } catch {
      // Whoever collects has told of it; the next look tries again.
    } finally {
      this.#busy = false
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  #isDue(now: Date): boolean {
    const { collectNightly, collectHour } = this.#parts.options()
    return collectNightly && now.getHours() === collectHour && this.#nightlyDay !== now.toDateString()
  }
}
