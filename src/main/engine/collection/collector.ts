import { GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import type { KeptKind, StorageProgress } from '../../../shared/model/storage.ts'
import type { Collectable, CollectSettings, Removal, RetentionPolicy } from './collectable.ts'
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

export interface Inventory {
  readonly kinds: readonly KeptKind[]
  /** Sentences on parts that could not be looked at; they are missing in `kinds`. */
  readonly problems: readonly string[]
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

  async inventory(): Promise<Inventory> {
    const looks = await Promise.all(this.#parts.collectables.map((part) => this.#look(part)))
    return { kinds: looks.flatMap((look) => look.kinds), problems: looks.flatMap((look) => look.problems) }
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
      const settings = { policy: whole, nowMs: startedAt, signal }
      const aged = bytesBefore > whole.maxTotalBytes ? await this.#aged(settings) : sizes.map(() => 0)
      let over = Math.max(0, bytesBefore - aged.reduce((sum, bytes) => sum + bytes, 0) - whole.maxTotalBytes)
      const parts: (Removal & { kind: string })[] = []
      for (const [index, collectable] of this.#parts.collectables.entries()) {
        if (signal.aborted) break
        const freedByAge = aged[index] ?? 0
        const removal = await collectOne(collectable, {
          ...settings,
          maxBytes: over > 0 ? Math.max(0, (sizes[index] ?? 0) - freedByAge - over) : null,
          dryRun,
          progress: (each) => progress?.({ ...each, step: `${collectable.kind}: ${each.step}` }),
        })
        over = Math.max(0, over - Math.max(0, removal.bytes - freedByAge))
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

  /** What each part frees by age alone: only what is then still too much is taken from things that are young. */
  async #aged(settings: Pick<CollectSettings, 'policy' | 'nowMs' | 'signal'>): Promise<number[]> {
    const freed: number[] = []
    for (const collectable of this.#parts.collectables) {
      const each = { ...settings, maxBytes: null, dryRun: true, progress: () => undefined }
      freed.push((await collectOne(collectable, each)).bytes)
    }
    return freed
  }

  async #sizes(): Promise<number[]> {
    const looks = await Promise.all(this.#parts.collectables.map((part) => this.#look(part)))
    return looks.map(({ kinds }) => kinds.reduce((sum, kind) => sum + kind.bytes, 0))
  }

  async #look(part: Collectable): Promise<Inventory> {
    try {
      return { kinds: await part.inventory(this.#parts.nowMs()), problems: [] }
    } catch (error) {
      return { kinds: [], problems: [`${part.kind} cannot be looked at: ${toErrorData(error).message}`] }
    }
  }
}

/** A part that fails is told in its notes, and the others are collected all the same. */
async function collectOne(collectable: Collectable, settings: CollectSettings): Promise<Removal> {
  try {
    return await collectable.collect(settings)
  } catch (error) {
    const why = settings.signal.aborted ? 'It was stopped before anything was removed' : toErrorData(error).message
    return { items: 0, bytes: 0, notes: [`Nothing of it was collected: ${why}.`] }
  }
}
