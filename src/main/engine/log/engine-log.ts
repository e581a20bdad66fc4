import type { ChannelMode, LineFilter, LogChannel, LogLevel, LogLine } from '../../../shared/contract/log.ts'
import { logChannels, logLevels } from '../../../shared/contract/log.ts'

export interface LogSubject {
  readonly token?: string | null
  readonly operation?: string | null
  readonly core?: number | null
  readonly slot?: number | null
}

export interface LogFilter extends LineFilter {
  readonly after?: number | undefined
}

const linesKept = 10_000
const longestText = 2000

/** Levels of each mode as a bit set over logLevels. */
const levelsOf: Readonly<Record<ChannelMode, number>> = {
  muted: 0,
  warnings: bits('warn', 'error'),
  on: bits('info', 'state', 'dispatch', 'warn', 'error'),
  debug: bits(...logLevels),
}

/**
 * The engine's log: structured lines in a ring, switched channel by channel while it runs. Ask `on` before anything is formatted;
 * what is off costs one array read. Warnings and errors are on unless a channel is muted.
 */
export class EngineLog {
  readonly #now: () => number
  readonly #modes = new Map<LogChannel, ChannelMode>(
    logChannels.map((channel) => [channel, channel === 'operation' ? 'debug' : 'warnings']),
  )
  readonly #levels = new Map<LogChannel, number>()
  readonly #lines: LogLine[] = []
  readonly #listeners = new Set<(line: LogLine) => void>()
  readonly #modeListeners = new Set<() => void>()
  #enabled = true
  #written = 0

  constructor(now: () => number) {
    this.#now = now
    this.#refresh()
  }

  on(channel: LogChannel, level: LogLevel): boolean {
    return ((this.#levels.get(channel) ?? 0) & (1 << logLevels.indexOf(level))) !== 0
  }

  /** `text` is called only when the line is written. */
  write(channel: LogChannel, level: LogLevel, text: () => string, subject: () => LogSubject = nobody): void {
    if (!this.on(channel, level)) return
    const { token = null, operation = null, core = null, slot = null } = subject()
    const whole = text()
    this.#written += 1
    const line: LogLine = {
      id: this.#written,
      at: this.#now(),
      channel,
      level,
      text: whole.length > longestText ? `${whole.slice(0, longestText)}…` : whole,
      token,
      operation,
      core,
      slot,
    }
    this.#lines[(this.#written - 1) % linesKept] = line
    for (const listener of this.#listeners) listener(line)
  }

  /** Calls for every new line that matches. Returns the function that ends it. */
  onLine(listener: (line: LogLine) => void, filter: LineFilter = {}): () => void {
    const matches = matcher(filter)
    const hear = (line: LogLine) => {
      if (matches(line)) listener(line)
    }
    this.#listeners.add(hear)
    return () => this.#listeners.delete(hear)
  }

  /** Calls at once and whenever modes change. */
  onModes(listener: () => void): void {
    this.#modeListeners.add(listener)
    listener()
  }

  get enabled(): boolean {
    return this.#enabled
  }

  modes(): Record<LogChannel, ChannelMode> {
    return Object.fromEntries(this.#modes) as Record<LogChannel, ChannelMode>
  }

  configure(enabled: boolean | undefined, modes: Readonly<Partial<Record<LogChannel, ChannelMode>>>): void {
    this.#enabled = enabled ?? this.#enabled
    for (const channel of logChannels) {
      const mode = modes[channel]
      if (mode !== undefined) this.#modes.set(channel, mode)
    }
    this.#refresh()
    for (const listener of this.#modeListeners) listener()
  }

  /** Kept lines that match, oldest first; at most `limit`, the newest of them. */
  query(filter: LogFilter, limit: number) {
    const lines: LogLine[] = []
    let matched = 0
    const oldest = Math.max(0, this.#written - linesKept)
    const matches = matcher(filter)
    for (let id = this.#written; id > Math.max(oldest, filter.after ?? 0); id--) {
      const line = this.#lines[(id - 1) % linesKept]
      if (line === undefined || !matches(line)) continue
      matched += 1
      if (lines.length < limit) lines.push(line)
    }
    return { lines: lines.reverse(), matched, kept: this.#written - oldest, gone: oldest, newest: this.#written }
  }

  #refresh(): void {
    for (const [channel, mode] of this.#modes) this.#levels.set(channel, this.#enabled ? levelsOf[mode] : 0)
  }
}

function matcher(filter: LineFilter): (line: LogLine) => boolean {
  const text = filter.text?.toLowerCase() ?? ''
  return (line) =>
    (filter.channels === undefined || filter.channels.includes(line.channel)) &&
    (filter.levels === undefined || filter.levels.includes(line.level)) &&
    (filter.token === undefined || line.token === filter.token) &&
    (filter.operation === undefined || line.operation === filter.operation) &&
    (filter.core === undefined || line.core === filter.core) &&
    (filter.slot === undefined || line.slot === filter.slot) &&
    (text === '' || line.text.toLowerCase().includes(text))
}

function bits(...levels: readonly LogLevel[]): number {
  return levels.reduce((sum, level) => sum | (1 << logLevels.indexOf(level)), 0)
}

function nobody(): LogSubject {
  return {}
}
