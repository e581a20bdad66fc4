import { parentPort } from 'node:worker_threads'
import type { FromSqlite } from './sqlite-messages.ts'

/** Stands for the thread of a SQLite store that dies at the first question. */
parentPort?.postMessage({ type: 'opened' } satisfies FromSqlite)
parentPort?.once('message', () => {
  throw new Error('on purpose')
})
