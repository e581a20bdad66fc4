import { statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { JournalStore } from './journal-store.ts'
import type { RetentionAnswer, RetentionAsk } from './retention-protocol.ts'

/** Tokens that are removed in one go, between which batches are written: some milliseconds' worth. */
const removedAtOnce = 2000

type Removal = Extract<RetentionAsk, { kind: 'remove' }>

export interface RetentionSurroundings {
  readonly store: JournalStore
  readonly path: string
  /** Asked between two slices; true ends the work, and what was done stays done. */
  isStopped(): boolean
  /** Tokens that are gone, ascending. */
  removed(sequences: Float64Array): void
}

/**
 * Answers a collection in the journal's own thread. Segments are written in the order of their numbers, so that an age is a number,
 * found in a few look-ups however many there are; how much lies before it is told by the share of segments.
 */
export class JournalRetention {
  readonly #surroundings: RetentionSurroundings

  constructor(surroundings: RetentionSurroundings) {
    this.#surroundings = surroundings
  }

  ages(bounds: readonly number[]): RetentionAnswer {
    const [first, beyond] = this.#range()
    let above = beyond
    const ages = [...bounds.map((bound) => this.#firstSince(bound)), first].map((end) => {
      const span = Math.max(0, above - end)
      above = Math.min(above, end)
      return beyond === first ? 0 : span / (beyond - first)
    })
    const bytes = this.#usedBytes() + this.#besideBytes()
    return { rows: this.#surroundings.store.rows, bytes, ages }
  }

  async remove(ask: Removal): Promise<RetentionAnswer> {
    return ask.dryRun ? this.#plan(ask) : await this.#carryOut(ask)
  }

  #plan({ writtenBefore, maxBytes }: Removal): RetentionAnswer {
    const [first, beyond] = this.#range()
    // The newest segment stays whatever happens.
    const removable = Math.max(0, beyond - 1 - first)
    if (removable === 0) return { rows: 0, bytes: 0, ages: [] }
    const mean = this.#usedBytes() / (beyond - first)
    const byAge = Math.min(removable, this.#firstSince(writtenBefore) - first)
    const size = this.#usedBytes() + this.#besideBytes()
    const bySize = maxBytes === null ? 0 : Math.ceil((size - maxBytes) / mean)
    const segments = Math.min(removable, Math.max(byAge, bySize))
    const rows = Math.round((this.#surroundings.store.rows * segments) / (beyond - first))
    return { rows, bytes: segments * mean, ages: [] }
  }

  async #carryOut({ writtenBefore, maxBytes }: Removal): Promise<RetentionAnswer> {
    const { store, removed: tell, isStopped } = this.#surroundings
    const before = this.#usedBytes()
    const limits = {
      maxRows: Number.POSITIVE_INFINITY,
      maxBytes: maxBytes === null ? Number.POSITIVE_INFINITY : maxBytes - this.#besideBytes(),
      writtenBefore,
      mostRows: removedAtOnce,
    }
    let rows = 0
    while (!isStopped()) {
      const { removed, more } = store.removeOld(limits)
      rows += removed.length
      if (removed.length > 0) tell(removed)
      store.database.pragma(`incremental_vacuum(${removedAtOnce})`)
      if (!more) break
      await setImmediate()
    }
    return { rows, bytes: Math.max(0, before - this.#usedBytes()), ages: [] }
  }

  /** Numbers of the oldest segment and of one beyond the newest. */
  #range(): readonly [first: number, beyond: number] {
    const first = this.#number('SELECT coalesce(min(segment), 0) FROM segments')
    return [first, this.#number('SELECT coalesce(max(segment) + 1, 0) FROM segments')]
  }

  /** The first segment written at this time or later; one beyond the newest when there is none. */
  #firstSince(wall: number): number {
    const at = this.#surroundings.store.database.prepare<unknown[], { segment: number; written: number }>(
      'SELECT segment, written FROM segments WHERE segment >= ? ORDER BY segment LIMIT 1',
    )
    let [low, high] = this.#range()
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const row = at.get(middle)
      if (row === undefined || row.written >= wall) high = middle
      else low = row.segment + 1
    }
    return low
  }

  /** Bytes of the file that hold something. */
  #usedBytes(): number {
    const { database } = this.#surroundings.store
    const pragma = (name: string) => Number(database.pragma(name, { simple: true }))
    return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size')
  }

  /** Its log of changes, bytes. */
  #besideBytes(): number {
    return statSync(`${this.#surroundings.path}-wal`, { throwIfNoEntry: false })?.size ?? 0
  }

  #number(sql: string): number {
    return Number(this.#surroundings.store.database.prepare(sql).pluck().get())
  }
}
