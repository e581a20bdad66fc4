/** How stores keep their files. Left alone they do what the reference does, except that nobody gets into another's way. */
export interface StoreOptions {
  /** End an open last line before a record is added, instead of gluing the record to it. */
  readonly endOpenLines: boolean
  /** Lines that are added are on the disk before the step goes on. */
  readonly durable: boolean
  /** Where indexes of long files are kept; null: none are, and a long file is read anew by every process. */
  readonly indexFolder: string | null
}

export const plainStores: StoreOptions = { endOpenLines: false, durable: false, indexFolder: null }

/** A file below this length is read faster than looked up. */
export const indexedBytes = 32 << 10
/** An index takes in new lines by this many at a time. */
export const indexBatch = 64
