import { setImmediate as nextTurn } from 'node:timers/promises'
import { EvidenceReader } from '../workflow/evidence/evidence-reader.ts'
import { type EventReader, noFacts, type RunFacts, readerFor, type TraceEvent } from './event-reader.ts'
import { EvidenceEvents } from './evidence-events.ts'
import { RunColumns } from './run-columns.ts'
import { CompatibleEvents, OldEvents } from './trace-events.ts'

/**
 * Events taken in before others have their turn: a millisecond's worth, and few enough that their text is no large object to
 * V8, for one of those costs a hundred times as much to make.
 */
const slice = 256
const sliceBytes = 4 * 1024 * 1024

/** Lines read at once for one that is asked for, and how many such stretches are kept. */
const keptLines = 256
const keptStretches = 4

const makers = {
  evidence: (columns: RunColumns, facts: RunFacts) => new EvidenceEvents(columns, facts),
  compatible: (columns: RunColumns, facts: RunFacts) => new CompatibleEvents(columns, facts),
  old: (columns: RunColumns, facts: RunFacts) => new OldEvents(columns, facts),
}

/** The events of one run, read from its file as it grows. Lines are kept by their places in the file, the rest in columns. */
export class RunView implements Disposable {
  readonly columns = new RunColumns()
  readonly facts: RunFacts = noFacts()
  /** Lines that are no event, and why the first is none. */
  readonly unreadable = { lines: 0, first: null as string | null }
  readonly #lines: EvidenceReader | null
  #reader: EventReader | null = null
  readonly #kept = new Map<number, readonly string[]>()
  #taken = 0
  #taking: Promise<void> = Promise.resolve()

  /** `path` null: of a run that has not begun. Throws `not-found` when there is no such file. */
  constructor(path: string | null) {
    this.#lines = path === null ? null : new EvidenceReader(path, sliceBytes)
  }

  /** Events taken in so far. */
  get events(): number {
    return this.#taken
  }

  /** Takes in what was written since. */
  refresh(): Promise<void> {
    this.#taking = this.#taking.then(() => this.#takeNew())
    return this.#taking
  }

  texts(first: number, count: number): string[] {
    return this.#lines?.texts(first, count) ?? []
  }

  /** The event in a line; null when it is none. */
  event(line: number): TraceEvent | null {
    const text = line < 0 ? undefined : this.#near(line)
    return text === undefined ? null : parse(text)
  }

  /** Whoever asks for one line will ask for those near it: two runs are compared line by line. */
  #near(line: number): string | undefined {
    const first = line - (line % keptLines)
    const kept = this.#kept.get(first)
    if (kept !== undefined && line - first < kept.length) return kept[line - first]
    const texts = this.texts(first, keptLines)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size >= keptStretches && oldest !== undefined) this.#kept.delete(oldest)
    this.#kept.set(first, texts)
    return texts[line - first]
  }

  [Symbol.dispose](): void {
    this.#lines?.[Symbol.dispose]()
  }

  async #takeNew(): Promise<void> {
    const lines = this.#lines
    if (lines === null) return
    for (let more = true; more; ) {
      more = lines.refresh(sliceBytes)
      while (this.#taken < lines.length) {
        // A slice that began in the middle of one of the reader's stretches would have two of them read, and the text of that is a large object.
        for (const text of lines.texts(this.#taken, slice - (this.#taken % slice))) this.#take(text)
        if (more || this.#taken < lines.length) await nextTurn()
      }
    }
  }

  #take(text: string): void {
    const line = this.#taken++
    if (text.trim() === '') return
    try {
      const event = parse(text)
      if (event === null) throw new Error('it is no whole JSON object')
      this.#reader ??= readerFor(event, this.columns, this.facts, makers)
      this.#reader.take(event, line)
    } catch (error) {
      this.unreadable.lines += 1
      this.unreadable.first ??= `line ${line + 1}: ${error instanceof Error ? error.message : String(error)}`
    }
  }
}

function parse(text: string): TraceEvent | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as TraceEvent) : null
  } catch {
    // The caller says of which line.
    return null
  }
}
