import type { LogChannel, LogLevel } from '../../../shared/contract/log.ts'
import { logLevels } from '../../../shared/contract/log.ts'
import type { EngineLog, LogSubject } from './engine-log.ts'

/** Lines of one channel in a second; what a person can follow is far less. */
const linesPerSecond = 200
const second = 1_000_000

/**
 * A channel for those who tell of every token of a kind: what is off costs one comparison, and what is on never crowds the other
 * channels out of the log. How many lines were left out is told with the next one.
 */
export class LimitedChannel {
  readonly #channel: LogChannel
  readonly #log: EngineLog
  readonly #now: () => number
  /** Bit set over logLevels. */
  #levels = 0
  #windowFrom = Number.NEGATIVE_INFINITY
  #written = 0
  #leftOut = 0

  /** `now` in microseconds. */
  constructor(log: EngineLog, channel: LogChannel, now: () => number) {
    this.#log = log
    this.#channel = channel
    this.#now = now
    log.onModes(() => {
      this.#levels = logLevels.reduce((bits, level, index) => (log.on(channel, level) ? bits | (1 << index) : bits), 0)
    })
  }

  /** Whether anything but warnings and errors would be written. */
  get chatty(): boolean {
    return (this.#levels & chattyLevels) !== 0
  }

  write(level: LogLevel, text: () => string, subject?: () => LogSubject): void {
    if (this.#levels === 0 || (this.#levels & (1 << logLevels.indexOf(level))) === 0) return
    const now = this.#now()
    if (now - this.#windowFrom >= second) this.#nextWindow(now)
    if (this.#written >= linesPerSecond) {
      this.#leftOut += 1
      return
    }
    this.#written += 1
    this.#log.write(this.#channel, level, text, subject)
  }

  #nextWindow(now: number): void {
    const leftOut = this.#leftOut
    this.#windowFrom = now
    this.#written = 0
    this.#leftOut = 0
    if (leftOut > 0) {
      this.#log.write(
        this.#channel,
        'warn',
        () => `${leftOut} lines were left out: no more than ${linesPerSecond} a second`,
      )
    }
  }
}

const chattyLevels = logLevels.reduce(
  (bits, level, index) => (level === 'warn' || level === 'error' ? bits : bits | (1 << index)),
  0,
)
