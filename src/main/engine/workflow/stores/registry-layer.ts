import { AddressIndex } from './address-index.ts'
import type { RegistryRecord } from './registry-record.ts'
import type { RegistryView } from './registry-view.ts'

interface Change {
  /** Null: the key was removed. */
  readonly record: RegistryRecord | null
  /** Where the key stands among all; null: where it stood in the layer below. */
  readonly rank: number | null
}

/** Records that were added to a registry since some state of it, laid over that state. */
export class RegistryLayer implements RegistryView {
  readonly #below: RegistryView
  readonly #firstRank: number
  readonly #changes = new Map<string, Change>()
  readonly #addresses = new AddressIndex()
  #added = 0
  #count: number

  /** Ranks in this layer begin at `firstRank`, behind all of the state below. */
  constructor(below: RegistryView, firstRank: number) {
    this.#below = below
    this.#firstRank = firstRank
    this.#count = below.count
  }

  get count(): number {
    return this.#count
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
    return this.#changes.get(key)?.rank ?? this.#below.rank(key)
  }

  /** Applies the next line: the last one of a key wins, at the place of the first. */
  apply(record: RegistryRecord): void {
    const { key, address, tombstone } = record
    this.#added += 1
    if (key === null) return
    const known = this.#changes.get(key)
    const before = known === undefined ? this.#below.record(key) : known.record
    if (known?.record?.address) this.#addresses.remove(known.record.address, key)
    this.#count += Number(!tombstone) - Number(before !== null)
    if (tombstone) {
      this.#changes.set(key, { record: null, rank: null })
      return
    }
    const keepsPlace = before !== null
    const rank = keepsPlace ? (known?.rank ?? null) : this.#firstRank + this.#added
    this.#changes.set(key, { record, rank })
    if (address !== null) this.#addresses.add(address, key)
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
