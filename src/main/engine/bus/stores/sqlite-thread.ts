import { parentPort, workerData } from 'node:worker_threads'
import { assertDefined } from '../../../../shared/assert.ts'
import { GuardhouseError, toErrorData } from '../../../../shared/errors.ts'
import type { FromSqlite, SqliteOutcome, SqliteRequest, SqliteThreadData, ToSqlite } from './sqlite-messages.ts'
import { SqliteTuples } from './sqlite-tuples.ts'

/**
 * Entry of the thread that owns the database of a SQLite store. What has arrived by the time it looks is one transaction, in
 * order, and is answered once it is on the disk. A request that throws fails alone; a commit that fails fails all of it and
 * leaves nothing behind.
 */

const owner = assertDefined(parentPort, 'this file is the entry of a thread')
const data = workerData as SqliteThreadData

/** Requests in one commit, about: another process that writes waits no longer than some milliseconds. */
const requestsPerCommit = 512
/** Between two looks for leases that are over, milliseconds. */
const expireEveryMs = 100

try {
  serve(new SqliteTuples(data))
} catch (error) {
  say({ type: 'failed', error: toErrorData(error) })
}

function say(message: FromSqlite): void {
  owner.postMessage(message)
}

function serve(tuples: SqliteTuples): void {
  const begin = tuples.database.prepare('BEGIN IMMEDIATE')
  const commit = tuples.database.prepare('COMMIT')
  const rollback = tuples.database.prepare('ROLLBACK')
  let asks: (readonly SqliteRequest[])[] = []
  let planned = false
  let looking: NodeJS.Timeout | undefined
  let expireAt = 0
  let counted = false

  /** True: some came back. */
  const expireSometimes = (): boolean => {
    const now = performance.now()
    if (now < expireAt) return false
    expireAt = now + expireEveryMs
    return tuples.isAnythingOverdue() && tuples.expire() > 0
  }

  const commitAll = (requests: readonly SqliteRequest[]): SqliteOutcome[] => {
    try {
      begin.run()
      tuples.count(counted)
      counted = true
      const cameBack = expireSometimes()
      const outcomes = requests.map((request) => attempt(tuples, request))
      commit.run()
      if (cameBack) say({ type: 'arrived' })
      return outcomes
    } catch (cause) {
      if (tuples.database.inTransaction) rollback.run()
      counted = false
      const error = toErrorData(cannotCommit(cause))
      return requests.map(() => ({ error }))
    }
  }

  const flush = () => {
    planned = false
    const requests: SqliteRequest[] = []
    let taken = 0
    while (taken < asks.length && requests.length < requestsPerCommit) requests.push(...(asks[taken++] ?? []))
    asks = asks.slice(taken)
    if (requests.length > 0) say({ type: 'answers', outcomes: commitAll(requests) })
    if (asks.length > 0) plan()
  }

  const plan = () => {
    if (planned) return
    planned = true
    setImmediate(flush)
  }

  const look = () => {
    try {
      if (expireSometimes() || tuples.hasChangedElsewhere()) say({ type: 'arrived' })
    } catch {
      // Busy, or the disk is full: whoever asks something is told, and the next look is soon.
    }
  }

  owner.on('message', (message: ToSqlite) => {
    switch (message.type) {
      case 'ask':
        asks.push(message.requests)
        return plan()
      case 'watch':
        clearInterval(looking)
        looking = message.on ? setInterval(look, data.lookEveryMs) : undefined
        // Whatever came before is found by whoever begins to wait.
        tuples.hasChangedElsewhere()
        return
      case 'close':
        clearInterval(looking)
        while (asks.length > 0) flush()
        tuples[Symbol.dispose]()
        say({ type: 'closed' })
        owner.close()
    }
  })
  say({ type: 'opened' })
}

function attempt(tuples: SqliteTuples, request: SqliteRequest): SqliteOutcome {
  try {
    return { value: tuples.run(request) }
  } catch (error) {
    return { error: toErrorData(error) }
  }
}

function cannotCommit(cause: unknown): GuardhouseError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new GuardhouseError('internal', `the tuple store could not write: ${why}`, {
    hint: 'Look whether the disk is full; nothing of it was kept.',
    cause,
  })
}
