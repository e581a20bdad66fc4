import type Database from 'better-sqlite3'
import { GuardhouseError, toErrorData } from '../../../../shared/errors.ts'
import type { FromSqlite, SqliteOutcome, SqliteRequest } from './sqlite-messages.ts'
import type { SqliteTuples } from './sqlite-tuples.ts'
import { SyncedAnswers } from './synced-answers.ts'

/** Requests in one commit, about: another process that writes waits no longer than some milliseconds. */
const requestsPerCommit = 1024
/** Requests that run before new ones are let in. */
const requestsPerTurn = 256
/** Between two looks for leases that are over, milliseconds. */
const expireEveryMs = 100

/**
 * Answers requests from a database, in order. Those that arrive while the disk is busy with the transaction before them run meanwhile
 * and are the next transaction; each is answered once it is on the disk. A request that throws fails alone; a commit that fails
 * fails all of it and leaves nothing behind.
 */
export class SqliteDesk {
  readonly #tuples: SqliteTuples
  readonly #say: (message: FromSqlite) => void
  readonly #answers: SyncedAnswers
  readonly #begin: Database.Statement
  readonly #commit: Database.Statement
  readonly #rollback: Database.Statement
  #asked: SqliteRequest[] = []
  /** Outcomes of the open transaction; null: none is open. */
  #open: SqliteOutcome[] | null = null
  #cameBack = false
  #planned = false
  #expireAt = 0
  #counted = false

  constructor(tuples: SqliteTuples, say: (message: FromSqlite) => void) {
    const { database } = tuples
    this.#tuples = tuples
    this.#say = say
    this.#begin = database.prepare('BEGIN IMMEDIATE')
    this.#commit = database.prepare('COMMIT')
    this.#rollback = database.prepare('ROLLBACK')
    this.#answers = new SyncedAnswers({
      sync: (done) => tuples.sync(done),
      answer: (outcomes) => say({ type: 'answers', outcomes }),
      synced: () => this.#end(),
      // Nothing that may not be on the disk is ever told, so nothing more can be told.
      failed: (error) => {
        throw cannotWrite(error)
      },
    })
  }

  ask(requests: readonly SqliteRequest[]): void {
    for (const request of requests) this.#asked.push(request)
    this.#plan()
  }

  /** Whether another process has written, or leases are over: somebody who waits may find something. */
  look(): void {
    if (this.#open !== null) return
    try {
      if (this.#expire() || this.#tuples.hasChangedElsewhere()) this.#say({ type: 'arrived' })
    } catch {
      // Busy, or the disk is full: whoever asks something is told, and the next look is soon.
    }
  }

  /** Calls `listener` once everything that was asked is answered. */
  whenIdle(listener: () => void): void {
    while (this.#asked.length > 0) this.#run()
    this.#end()
    this.#answers.whenIdle(listener)
  }

  #plan(): void {
    if (this.#planned) return
    this.#planned = true
    setImmediate(() => {
      this.#planned = false
      this.#turn()
    })
  }

  #turn(): void {
    this.#run()
    const ready = this.#open === null || this.#open.length >= requestsPerCommit
    if (ready || (this.#asked.length === 0 && !this.#answers.syncing)) this.#end()
    if (this.#asked.length > 0) this.#plan()
  }

  /** Some of what was asked, within the open transaction. */
  #run(): void {
    const requests = this.#asked.slice(0, requestsPerTurn)
    this.#asked = this.#asked.slice(requests.length)
    const { length } = this.#open ?? []
    try {
      for (const request of requests) this.#opened().push(this.#attempt(request))
    } catch (cause) {
      this.#failed(cause, length + requests.length)
    }
  }

  #opened(): SqliteOutcome[] {
    if (this.#open !== null) return this.#open
    this.#begin.run()
    this.#open = []
    this.#tuples.count(this.#counted)
    this.#counted = true
    this.#cameBack = this.#expire()
    return this.#open
  }

  #attempt(request: SqliteRequest): SqliteOutcome {
    try {
      return { value: this.#tuples.run(request) }
    } catch (error) {
      // A disk that is full ends the transaction, and with it what the others asked.
      if (!this.#tuples.database.inTransaction) throw error
      return { error: toErrorData(error) }
    }
  }

  /** Ends the open transaction, if there is one. */
  #end(): void {
    const outcomes = this.#open
    if (outcomes === null) return
    try {
      this.#commit.run()
    } catch (cause) {
      this.#failed(cause, outcomes.length)
      return
    }
    this.#open = null
    if (this.#cameBack) this.#say({ type: 'arrived' })
    this.#answers.add(outcomes, this.#tuples.wrote())
  }

  /** All that the open transaction was asked fails, so many requests. */
  #failed(cause: unknown, requests: number): void {
    if (this.#tuples.database.inTransaction) this.#rollback.run()
    this.#open = null
    this.#counted = false
    const error = toErrorData(cannotWrite(cause))
    this.#answers.add(
      Array.from({ length: requests }, () => ({ error })),
      false,
    )
  }

  /** True: leases were over, and their tuples can be taken again. */
  #expire(): boolean {
    const now = performance.now()
    if (now < this.#expireAt) return false
    this.#expireAt = now + expireEveryMs
    return this.#tuples.isAnythingOverdue() && this.#tuples.expire() > 0
  }
}

function cannotWrite(cause: unknown): GuardhouseError {
  const why = cause instanceof Error ? cause.message : String(cause)
  const hint = why.includes('locked')
    ? 'Another program holds the file of the tuples: end its transaction, then try again. Nothing of this was kept.'
    : 'Look whether the disk is full; nothing of it was kept.'
  return new GuardhouseError('internal', `the tuple store could not write: ${why}`, { hint, cause })
}
