import type Database from 'better-sqlite3'
import { GuardhouseError } from '../../../../shared/errors.ts'

interface Waiting {
  run(): unknown
  /** What `run` gave or threw. */
  outcome: { readonly value: unknown } | { readonly error: unknown } | null
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Steps in one commit at most: whoever else needs this thread waits no longer than a few milliseconds. */
const stepsPerCommit = 2000

/**
 * Runs what is asked in one turn of the event loop in one transaction, in order, and answers once it is on the disk. One step that
 * throws fails alone; a commit that fails fails all of it and leaves nothing behind.
 */
export class GroupCommit {
  readonly #database: Database.Database
  readonly #begin: Database.Statement
  readonly #commit: Database.Statement
  readonly #rollback: Database.Statement
  #waiting: Waiting[] = []
  #planned = false
  #idle: (() => void)[] = []

  constructor(database: Database.Database) {
    this.#database = database
    this.#begin = database.prepare('BEGIN IMMEDIATE')
    this.#commit = database.prepare('COMMIT')
    this.#rollback = database.prepare('ROLLBACK')
  }

  run<T>(step: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ run: step, outcome: null, resolve: resolve as (value: unknown) => void, reject })
      this.#plan()
    })
  }

  /** Resolves when nothing waits any more. */
  idle(): Promise<void> {
    if (this.#waiting.length === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#idle.push(resolve)
    })
  }

  #plan(): void {
    if (this.#planned) return
    this.#planned = true
    setImmediate(() => this.#flush())
  }

  #flush(): void {
    this.#planned = false
    const steps = this.#waiting.slice(0, stepsPerCommit)
    this.#waiting = this.#waiting.slice(steps.length)
    try {
      this.#begin.run()
      for (const step of steps) step.outcome = attempt(step)
      this.#commit.run()
      for (const step of steps) answer(step)
    } catch (cause) {
      if (this.#database.inTransaction) this.#rollback.run()
      const error = cannotCommit(cause)
      for (const step of steps) step.reject(error)
    }
    if (this.#waiting.length > 0) return this.#plan()
    for (const resolve of this.#idle.splice(0)) resolve()
  }
}

function attempt(step: Waiting): Waiting['outcome'] {
  try {
    return { value: step.run() }
  } catch (error) {
    return { error }
  }
}

function answer({ outcome, resolve, reject }: Waiting): void {
  if (outcome === null) return
  if ('error' in outcome) reject(outcome.error)
  else resolve(outcome.value)
}

function cannotCommit(cause: unknown): GuardhouseError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new GuardhouseError('internal', `the tuple store could not write: ${why}`, {
    hint: 'Look whether the disk is full; nothing of it was kept.',
    cause,
  })
}
