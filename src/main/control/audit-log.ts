import type { AuditEntry } from '../../shared/contract/commands.ts'

export type AuditRecord = Omit<AuditEntry, 'id' | 'at'>

interface AuditPage {
  readonly entries: AuditEntry[]
  readonly matched: number
  readonly total: number
}

/** Submissions of one caller to one operation within this time are one line: a loop must not push out who killed what. */
const submissionWindowMs = 2000

interface SubmissionRun {
  readonly id: number
  readonly actor: string
  readonly operation: string
  count: number
  lastAt: number
}

/** Who did what. A ring in memory: the newest `capacity` entries. */
export class AuditLog {
  readonly #capacity: number
  readonly #wallNow: () => number
  readonly #entries: AuditEntry[] = []
  readonly #listeners = new Set<(entry: AuditEntry) => void>()
  #total = 0
  #run: SubmissionRun | null = null

  /** `wallNow` in milliseconds since 1970 UTC. */
  constructor(capacity: number, wallNow: () => number = Date.now) {
    this.#capacity = capacity
    this.#wallNow = wallNow
  }

  /** Tells every entry made or changed. Returns the function that ends it. */
  onEntry(listener: (entry: AuditEntry) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Goes on from what an earlier run has kept: its newest entries, ascending, and how many there were. Nobody is told of these. */
  restore(entries: readonly AuditEntry[], total: number): void {
    for (const entry of entries) this.#entries[(entry.id - 1) % this.#capacity] = entry
    this.#total = total
  }

  /** Returns the number of the entry, from 1. */
  record(record: AuditRecord): number {
    this.#total += 1
    this.#put({ id: this.#total, at: this.#wallNow(), ...record })
    return this.#total
  }

  /** Enters `count` accepted tokens, in the line of the same caller's submissions just before if there is one. */
  recordSubmission(actor: string, operation: string, count: number): number {
    const now = this.#wallNow()
    const run = this.#run
    if (run !== null && this.#continues(run, actor, operation, now)) {
      run.count += count
      run.lastAt = now
      this.#put({ id: run.id, at: now, ...submissionRecord(actor, operation, run.count) })
      return run.id
    }
    const id = this.record(submissionRecord(actor, operation, count))
    this.#run = { id, actor, operation, count, lastAt: now }
    return id
  }

  /** Entries that contain `text`, newest first. `total` counts every entry since the start, also those no longer kept. */
  query(text: string | undefined, offset: number, limit: number): AuditPage {
    const wanted = text?.toLowerCase() ?? ''
    const entries: AuditEntry[] = []
    let matched = 0
    const oldest = Math.max(1, this.#total - this.#capacity + 1)
    for (let id = this.#total; id >= oldest; id--) {
      const entry = this.#entries[(id - 1) % this.#capacity]
      if (entry === undefined || !contains(entry, wanted)) continue
      if (matched >= offset && entries.length < limit) entries.push(entry)
      matched += 1
    }
    return { entries, matched, total: this.#total }
  }

  /** Only the newest entry may still grow: one that others have followed tells of its own moment. */
  #continues(run: SubmissionRun, actor: string, operation: string, now: number): boolean {
    const recent = run.id === this.#total && now - run.lastAt < submissionWindowMs
    return recent && run.actor === actor && run.operation === operation
  }

  #put(entry: AuditEntry): void {
    this.#entries[(entry.id - 1) % this.#capacity] = entry
    for (const listener of this.#listeners) listener(entry)
  }
}

function submissionRecord(actor: string, operation: string, count: number): AuditRecord {
  const outcome = `${count.toLocaleString('en')} ${count === 1 ? 'token' : 'tokens'} accepted`
  return { actor, action: 'submit', target: operation, reason: '', outcome }
}

function contains(entry: AuditEntry, wanted: string): boolean {
  if (wanted === '') return true
  const { actor, action, target, reason, outcome } = entry
  return [actor, action, target, reason, outcome].some((field) => field.toLowerCase().includes(wanted))
}
