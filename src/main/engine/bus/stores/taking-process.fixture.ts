import { appendFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { TupleSpace } from '../tuple-space.ts'
import { openSqlite } from './open-sqlite.fixture.ts'
import { RedisStore } from './redis-store.ts'

/**
 * A process that takes tuples of the lane `work` until one says stop, and notes in a file, with its id, that it is ready, what it
 * handled and what it acknowledged. It holds each for some milliseconds, so that its death mostly meets it with a tuple in hands.
 * Arguments: sqlite or redis, where the store is, the file of notes.
 */
const [kind = '', place = '', notes = ''] = process.argv.slice(2)
const store = kind === 'redis' ? new RedisStore({ url: place }) : await openSqlite(place)
const space = new TupleSpace({ store })

const note = (what: string) => appendFileSync(notes, `${what} ${process.pid}\n`)
note('ready -')

for (;;) {
  const lent = await space.lend({ lane: 'work' }, { leaseMs: 400 })
  if (lent === null) continue
  const { n } = lent.tuple
  if (n === 'stop') {
    await lent.acknowledge()
    break
  }
  note(`handled ${n}`)
  await delay(5)
  if (await lent.acknowledge()) note(`acknowledged ${n}`)
}
await space.close()
