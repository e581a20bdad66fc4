import { toErrorData } from '../../../shared/errors.ts'
import { overDiskQuota } from './disk-quota.ts'

const bytesPerMb = 1 << 20
/** After a collection the next one waits, milliseconds: what could go is gone. */
const collectionRestMs = 600_000

export interface DiskQuotaParts {
  /** Folder whose size counts, for people. */
  readonly path: string
  /** MiB; 0: there is none. */
  readonly quotaMiB: () => number
  /** Bytes below the folder. */
  readonly measure: () => Promise<number>
  /** Brings what is kept down to so many bytes, if it can. Rejects with `conflict` while a collection runs already. */
  readonly collect: (maxBytes: number) => Promise<unknown>
  /** What a person should know. */
  readonly notice: (text: string) => void
  readonly now?: () => number
  readonly lookEveryMs?: number
}

/** How the quota stands, sizes in bytes. */
export interface DiskQuotaReport {
  readonly quotaBytes: number
  readonly bytes: number
  /** More is kept than may be, and new work is refused. */
  readonly refuses: boolean
  /** Milliseconds since 1970 UTC. */
  readonly nextLookAt: number
}

/** Watches what is kept on the disk: beyond the quota it has collected, and while that does not help new work is refused. */
export class DiskQuotaWatch implements Disposable {
  readonly #parts: DiskQuotaParts
  readonly #now: () => number
  readonly #lookEveryMs: number
  readonly #timer: NodeJS.Timeout
  /** By its own timer, on the clock of `Date`. */
  #nextLookAt: number
  /** At the last look, after a collection if there was one. */
  #bytes = 0
  #collectedAt = Number.NEGATIVE_INFINITY
  #looking = false
  #told = ''

  constructor(parts: DiskQuotaParts) {
    this.#parts = parts
    this.#now = parts.now ?? (() => performance.now())
    this.#lookEveryMs = parts.lookEveryMs ?? 60_000
    this.#nextLookAt = Date.now() + this.#lookEveryMs
    this.#timer = setInterval(() => void this.look(), this.#lookEveryMs)
    this.#timer.unref()
  }

  /** Throws `overloaded` while more is kept than may be. */
  check(): void {
    const quota = this.#parts.quotaMiB()
    if (this.#isOver(quota)) throw overDiskQuota(this.#bytes, this.#parts.path, quota)
  }

  /** Null while there is no quota. */
  report(): DiskQuotaReport | null {
    const quota = this.#parts.quotaMiB()
    if (quota === 0) return null
    return {
      quotaBytes: quota * bytesPerMb,
      bytes: this.#bytes,
      refuses: this.#isOver(quota),
      nextLookAt: this.#nextLookAt,
    }
  }

  #isOver(quotaMiB: number): boolean {
    return quotaMiB > 0 && this.#bytes > quotaMiB * bytesPerMb
  }

  /** Measures, and collects where that is due. Called by itself every minute. */
  async look(): Promise<void> {
    this.#nextLookAt = Date.now() + this.#lookEveryMs
    const quota = this.#parts.quotaMiB()
    if (quota === 0 || this.#looking) return
    this.#looking = true
    try {
      await this.#lookOnce(quota * bytesPerMb)
      this.#tellExcess()
    } catch (error) {
      const { kind, message } = toErrorData(error)
      // A collection that somebody else has begun serves as well.
      if (kind === 'conflict') this.#collectedAt = Number.NEGATIVE_INFINITY
      else this.#tell(`What is kept on the disk could not be measured or collected: ${message}`)
    } finally {
      this.#looking = false
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  async #lookOnce(maxBytes: number): Promise<void> {
    const { measure, collect } = this.#parts
    this.#bytes = await measure()
    if (this.#bytes <= maxBytes || this.#now() - this.#collectedAt < collectionRestMs) return
    this.#collectedAt = this.#now()
    await collect(maxBytes)
    this.#bytes = await measure()
  }

  #tellExcess(): void {
    try {
      this.check()
      if (this.#told !== '') this.#tell('The disk quota is kept again, and new work is accepted.')
      this.#told = ''
    } catch (error) {
      const { message, hint } = toErrorData(error)
      this.#tell(`New work is refused: ${message}. ${hint}`)
    }
  }

  /** The same is not told every minute. */
  #tell(text: string): void {
    if (text !== this.#told) this.#parts.notice(text)
    this.#told = text
  }
}
