import { GuardhouseError } from '../../../shared/errors.ts'
import type { KeptKind, StorageProgress } from '../../../shared/model/storage.ts'
import type { Collectable, Removal, RetentionPolicy } from './collectable.ts'
import type { StorageOptions } from './storage-options.ts'

const mebibyte = 1_048_576

/** What a collection has done, or in a dry run would do, part by part. */
export interface CollectionReport {
  readonly parts: readonly (Removal & { readonly kind: string })[]
  readonly items: number
  readonly bytes: number
  readonly bytesBefore: number
  readonly dryRun: boolean
  readonly cancelled: boolean
  /** Milliseconds since 1970 UTC, and milliseconds. */
  readonly startedAt: number
  readonly tookMs: number
}

export interface CollectorParts {
  readonly collectables: readonly Collectable[]
  readonly options: () => StorageOptions
  readonly nowMs: () => number
}

export interface CollectRun {
  readonly dryRun: boolean
  readonly signal?: AbortSignal
  readonly policy?: Partial<RetentionPolicy>
  progress?(progress: StorageProgress): void
}

/** Bounds everything the app keeps: each part removes what is too old; what is then too much goes part by part, in their order. */
export class Collector {
  readonly #parts: CollectorParts
  #running = false

  constructor(parts: CollectorParts) {
    this.#parts = parts
  }

  get policy(): RetentionPolicy {
    const { hotDays, warmDays, storageMaxMiB } = this.#parts.options()
    return { hotDays, warmDays, maxTotalBytes: storageMaxMiB * mebibyte }
  }

  async inventory(): Promise<KeptKind[]> {
    const kinds = await Promise.all(this.#parts.collectables.map((part) => part.inventory(this.#parts.nowMs())))
    return kinds.flat()
  }

  /** One at a time; a second call throws `conflict`. What a cancelled run has removed stays removed. */
  async run({
    dryRun,
    signal = new AbortController().signal,
    policy,
    progress,
  }: CollectRun): Promise<CollectionReport> {
    if (this.#running) throw new GuardhouseError('conflict', 'a collection is running already')
    this.#running = true
    const startedAt = this.#parts.nowMs()
    try {
      const whole = { ...this.policy, ...policy }
      const sizes = await this.#sizes()
      const bytesBefore = sizes.reduce((sum, size) => sum + size, 0)
      const parts: (Removal & { kind: string })[] = []
      let over = Math.max(0, bytesBefore - whole.maxTotalBytes)
      for (const [index, collectable] of this.#parts.collectables.entries()) {
        if (signal.aborted) break
        const size = sizes[index] ?? 0
        const removal = await collectable.collect({
          policy: whole,
          maxBytes: over > 0 ? Math.max(0, size - over) : null,
          nowMs: startedAt,
          dryRun,
          signal,
          progress: (each) => progress?.({ ...each, step: `${collectable.kind}: ${each.step}` }),
        })
        over = Math.max(0, over - removal.bytes)
        parts.push({ kind: collectable.kind, ...removal })
      }
      return {
        parts,
        items: parts.reduce((sum, part) => sum + part.items, 0),
        bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
        bytesBefore,
        dryRun,
        cancelled: signal.aborted,
        startedAt,
        tookMs: this.#parts.nowMs() - startedAt,
      }
    } finally {
      this.#running = false
    }
  }

  async #sizes(): Promise<number[]> {
    const nowMs = this.#parts.nowMs()
    return Promise.all(
      this.#parts.collectables.map(async (part) =>
        (await part.inventory(nowMs)).reduce((sum, kind) => sum + kind.bytes, 0),
      ),
    )
  }
}
