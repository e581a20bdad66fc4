import { parentPort, workerData } from 'node:worker_threads'
import { assertDefined } from '../../../../shared/assert.ts'
import { toErrorData } from '../../../../shared/errors.ts'
import { SqliteDesk } from './sqlite-desk.ts'
import type { FromSqlite, SqliteThreadData, ToSqlite } from './sqlite-messages.ts'
import { SqliteTuples } from './sqlite-tuples.ts'

/** Entry of the thread that owns the database of a SQLite store. */

const owner = assertDefined(parentPort, 'this file is the entry of a thread')
const data = workerData as SqliteThreadData

try {
  serve(new SqliteTuples(data))
} catch (error) {
  say({ type: 'failed', error: toErrorData(error) })
}

function say(message: FromSqlite): void {
  owner.postMessage(message)
}

function serve(tuples: SqliteTuples): void {
  const desk = new SqliteDesk(tuples, say)
  let looking: NodeJS.Timeout | undefined
  owner.on('message', (message: ToSqlite) => {
    switch (message.type) {
      case 'ask':
        return desk.ask(message.requests)
      case 'watch':
        clearInterval(looking)
        looking = message.on ? setInterval(() => desk.look(), data.lookEveryMs) : undefined
        // Whatever came before is found by whoever begins to wait.
        tuples.hasChangedElsewhere()
        return
      case 'limit':
        tuples.maxTuples = message.maxTuples
        return
      case 'close':
        clearInterval(looking)
        desk.whenIdle(() => {
          tuples[Symbol.dispose]()
          say({ type: 'closed' })
          owner.close()
        })
    }
  })
  say({ type: 'opened' })
}
