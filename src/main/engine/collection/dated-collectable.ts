import { ageClass, type KeptKind, noAges } from '../../../shared/model/storage.ts'
import type { Collectable, CollectSettings, Removal, RetentionPolicy } from './collectable.ts'

const dayMs = 86_400_000

/** A file, or a folder that is kept or removed as a whole. */
export interface DatedItem {
  readonly name: string
  readonly bytes: number
  /** From when on it ages, milliseconds since 1970 UTC. */
  readonly at: number
}

/** Why an item must stay whatever its age, such as `it goes on`; null when it may go. */
export type Holding = (item: DatedItem) => Promise<string | null>

export interface DatedSource {
  /** Short name, unique among all that is collected. */
  readonly kind: string
  /** Days that such an item is kept. */
  days(policy: RetentionPolicy): number
  list(): Promise<readonly DatedItem[]>
  /** Asked once for each collection, and what it answers for each item that is due. */
  holding?(): Promise<Holding>
  /** False when it stays after all, because it is needed by now. */
  remove(item: DatedItem): Promise<boolean>
  /** True when an item may only go after all that are older than it, as with a log that is read from its beginning. */
  readonly inOrder?: boolean
}

/** Things of one kind, each with an age: what is too old goes, then the oldest until the rest fits. */
export class DatedCollectable implements Collectable {
  readonly #source: DatedSource

  constructor(source: DatedSource) {
    this.#source = source
  }

  get kind(): string {
    return this.#source.kind
  }

  async inventory(nowMs: number): Promise<readonly KeptKind[]> {
    const items = await this.#source.list()
    const ages = noAges()
    for (const { bytes, at } of items) {
      const age = ages[ageClass((nowMs - at) / dayMs)]
      if (age === undefined) continue
      age.items += 1
      age.bytes += bytes
    }
    return [{ kind: this.kind, items: items.length, bytes: totalOf(items), ages }]
  }

  async collect({ policy, maxBytes, nowMs, dryRun, signal, progress }: CollectSettings): Promise<Removal> {
    const items = [...(await this.#source.list())].sort((left, right) => left.at - right.at)
    const { going, staying } = await this.#due(items, nowMs - this.#source.days(policy) * dayMs, maxBytes)
    if (dryRun) return { items: going.length, bytes: totalOf(going), notes: notesOf(staying, 0, '') }
    const gone: DatedItem[] = []
    let failed = 0
    let why = ''
    for (const [done, item] of going.entries()) {
      if (signal.aborted) break
      progress({ step: 'the oldest', done, total: going.length })
      try {
        if (await this.#source.remove(item)) gone.push(item)
      } catch (error) {
        // One that cannot go must not keep the others.
        failed += 1
        why = error instanceof Error ? error.message : String(error)
      }
    }
    return { items: gone.length, bytes: totalOf(gone), notes: notesOf(staying, failed, why) }
  }

  /** `items` oldest first. */
  async #due(items: readonly DatedItem[], cutoff: number, maxBytes: number | null): Promise<Due> {
    const due: Due = { going: [], staying: new Map() }
    let size = totalOf(items)
    let holding: Holding | undefined
    for (const item of items) {
      if (item.at >= cutoff && (maxBytes === null || size <= maxBytes)) break
      holding ??= (await this.#source.holding?.()) ?? nothingHolds
      const held = await holding(item)
      if (held === null) {
        due.going.push(item)
        size -= item.bytes
      } else {
        due.staying.set(held, (due.staying.get(held) ?? 0) + 1)
        if (this.#source.inOrder === true) break
      }
    }
    return due
  }
}

interface Due {
  readonly going: DatedItem[]
  /** Number of those that were due and stay, by why. */
  readonly staying: Map<string, number>
}

const nothingHolds: Holding = async () => null

function notesOf(staying: Due['staying'], failed: number, why: string): string[] {
  const notes = [...staying].map(
    ([held, count]) => `${count} that would be due ${count === 1 ? 'stays' : 'stay'}: ${held}.`,
  )
  return failed === 0 ? notes : [...notes, `${failed} could not be removed: ${why}`]
}

function totalOf(items: readonly DatedItem[]): number {
  return items.reduce((sum, item) => sum + item.bytes, 0)
}
