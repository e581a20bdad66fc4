import type { RegistryRecord } from './registry-record.ts'

/** The records of a registry that count, by key; keys and addresses are index keys, see `indexKey`. */
export interface RegistryView {
  /** The record of a key; null when there is none, or it was removed. */
  record(key: string): RegistryRecord | null
  /** The keys whose record has this address, in no special order. */
  keysAt(address: string): readonly string[]
  /** Tells which of two keys comes first; only asked for keys that have a record. */
  rank(key: string): number
  readonly count: number
}

export const emptyRegistry: RegistryView = { record: () => null, keysAt: () => [], rank: () => 0, count: 0 }
