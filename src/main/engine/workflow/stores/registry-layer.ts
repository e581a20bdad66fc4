import { AddressIndex } from './address-index.ts'
import type { RegistryRecord } from './registry-record.ts'
import type { RegistryView } from './registry-view.ts'

interface Change {
  /** Null: the key was removed. */
  readonly record: RegistryRecord | null
  /** Where the key stands among all, unless the layer below has it and it was never removed since. */
  readonly rank: number
  readonly wasRemoved: boolean
}

/**
 * Records that were added to a registry since some state of it, laid over that state. What is below is only asked for what
 * somebody wants to know: to look every added key up there would make opening a registry slow.
 */
export class RegistryLayer implements RegistryView {
  readonly #below: RegistryView
  readonly #firstRank: number
  readonly #changes = new Map<string, Change>()
  readonly #addresses = new AddressIndex()
  #added = 0
  /** Changed keys that have a record here. */
  #present = 0
  /** Changed keys that have one below, as far as they were looked up. */
  #hidden = 0
  #notLookedUp: string[] = []

  /** Ranks in this layer begin at `firstRank`, behind all of the state below. */
  constructor(below: RegistryView, firstRank: number) {
    this.#below = below
    this.#firstRank = firstRank
  }

  get count(): number {
    for (const key of this.#notLookedUp) if (this.#below.record(key) !== null) this.#hidden += 1
    this.#notLookedUp = []
    return this.#below.count + this.#present - this.#hidden
  }

  record(key: string): RegistryRecord | null {
    const change = this.#changes.get(key)
    return change === undefined ? this.#below.record(key) : change.record
  }

  keysAt(address: string): readonly string[] {
    const below = this.#below.keysAt(address).filter((key) => !this.#changes.has(key))
    return [...below, ...this.#addresses.keysOf(address)]
  }

  rank(key: string): number {
    const change = this.#changes.get(key)
    if (change === undefined) return this.#below.rank(key)
    return !change.wasRemoved && this.#below.record(key) !== null ? this.#below.rank(key) : change.rank
  }

  /** Applies the next line: the last one of a key wins, at the place of the first. */
  apply(record: RegistryRecord): void {
    const { key, address, tombstone } = record
    this.#added += 1
    if (key === null) return
    const known = this.#changes.get(key)
    if (known === undefined) this.#notLookedUp.push(key)
    if (known?.record?.address) this.#addresses.remove(known.record.address, key)
    const rank = known?.record ? known.rank : this.#firstRank + this.#added
    const wasRemoved = tombstone || (known?.wasRemoved ?? false)
    this.#changes.set(key, { record: tombstone ? null : record, rank, wasRemoved })
    this.#present += Number(!tombstone) - Number(known?.record !== undefined && known.record !== null)
    if (address !== null && !tombstone) this.#addresses.add(address, key)
  }
}

/** The first record, in the order of the keys, that has this key or this address. */
export function findRecord(view: RegistryView, keyOrAddress: string): RegistryRecord | null {
  const candidates = new Set(view.keysAt(keyOrAddress))
  if (view.record(keyOrAddress) !== null) candidates.add(keyOrAddress)
  let first: string | null = null
  for (const key of candidates) if (first === null || view.rank(key) < view.rank(first)) first = key
  return first === null ? null : view.record(first)
}
