import { appendFileSync } from 'node:fs'
import { TupleSpace } from '../tuple-space.ts'
import { openSqlite } from './open-sqlite.fixture.ts'
import { RedisStore } from './redis-store.ts'

/**
 * A process that takes tuples of the lane `work` until one says stop, and notes in a file what it handled and what it acknowledged.
 * Arguments: sqlite or redis, where the store is, the file of notes.
 */
const [kind = '', place = '', notes = ''] = process.argv.slice(2)
const store = kind === 'redis' ? new RedisStore({ url: place }) : await openSqlite(place)
const space = new TupleSpace({ store })

for (;;) {
  const lent = await space.lend({ lane: 'work' }, { leaseMs: 400 })
  if (lent === null) continue
  const { n } = lent.tuple
  if (n === 'stop') {
    await lent.acknowledge()
    break
  }
  appendFileSync(notes, `handled ${n}\n`)
  if (await lent.acknowledge()) appendFileSync(notes, `acknowledged ${n}\n`)
}
await space.close()
