import type { KeptKind, StorageProgress } from '../../../shared/model/storage.ts'

/** How long things are kept, and how much of them. Days are 24 hours; bytes are bytes. */
export interface RetentionPolicy {
  /** Bodies of receipts younger than this stay. */
  readonly hotDays: number
  /** Logs, traces and journal rows younger than this stay. */
  readonly warmDays: number
  /** What everything together may take. */
  readonly maxTotalBytes: number
}

/** What a collection would remove, or has removed, of one kind. */
export interface Removal {
  readonly items: number
  readonly bytes: number
  /** Sentences on what was left alone and why. */
  readonly notes: readonly string[]
}

export interface CollectSettings {
  readonly policy: RetentionPolicy
  /** Bytes this part may take; what is beyond goes, oldest first, also when it is young. Null: age alone decides. */
  readonly maxBytes: number | null
  /** Milliseconds since 1970 UTC. */
  readonly nowMs: number
  readonly dryRun: boolean
  readonly signal: AbortSignal
  progress(progress: StorageProgress): void
}

/** One part of what the app keeps, as the collector sees it. Each part removes its own things in its own thread. */
export interface Collectable {
  /** Short name, such as `journal`; unique. */
  readonly kind: string
  /** What is kept now, by age. */
  inventory(nowMs: number): Promise<readonly KeptKind[]>
  /** Removes, or in a dry run tells, what the policy no longer keeps. Rejects with the signal's reason only between two removals. */
  collect(settings: CollectSettings): Promise<Removal>
}
