import { GuardhouseError, toErrorData } from '../../../shared/errors.ts'
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
  /** Collects and resolves to the bytes that were freed. Rejects with `conflict` while a collection runs already. */
  readonly collect: (cause: CollectionCause) => Promise<number>
  /** What a person should know. */
  readonly notice: (text: string) => void
}

/** Runs a collection once a day, and at once when the disk gets full. */
export class CollectionSchedule implements Disposable {
  readonly #parts: ScheduleParts
  readonly #timer: NodeJS.Timeout
  #nightlyDay = ''
  #pressedAt = Number.NEGATIVE_INFINITY
  #busy = false
  /** The newest failure that was told; the same one is not told every minute. */
  #told = ''

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
      await this.#lookOnce()
      this.#told = ''
    } catch (error) {
      // A person collects just now: that serves as well.
      if (!(error instanceof GuardhouseError && error.kind === 'conflict')) this.#tellOnce(toErrorData(error).message)
    } finally {
      this.#busy = false
    }
  }

  async #lookOnce(): Promise<void> {
    const { options, now, freeBytes, collect, notice } = this.#parts
    const at = now()
    const free = await freeBytes()
    const floor = options().diskFloorMiB * mebibyte
    if (free < floor && at.getTime() - this.#pressedAt >= pressureRest) {
      this.#pressedAt = at.getTime()
      const freed = await collect('disk pressure')
      notice(pressureSentence(freed, await freeBytes(), floor))
    } else if (this.#isDue(at)) {
      this.#nightlyDay = at.toDateString()
      await collect('nightly')
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  #isDue(now: Date): boolean {
    const { collectNightly, collectHour } = this.#parts.options()
    return collectNightly && now.getHours() === collectHour && this.#nightlyDay !== now.toDateString()
  }

  #tellOnce(why: string): void {
    if (why !== this.#told) this.#parts.notice(`A collection that was due has failed: ${why}`)
    this.#told = why
  }
}

function pressureSentence(freed: number, free: number, floor: number): string {
  const mib = (bytes: number) => `${Math.round(bytes / mebibyte).toLocaleString('en')} MiB`
  const done = `The disk is nearly full: a collection has freed ${mib(freed)}, and ${mib(free)} are free now.`
  if (free >= floor) return done
  return `${done} That is less than the floor of ${mib(floor)}, and what is left is young or pinned: make room on the disk, or lower the days and the size that are kept.`
}
