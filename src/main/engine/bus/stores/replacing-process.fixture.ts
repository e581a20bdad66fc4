import { assertDefined } from '../../../../shared/assert.ts'
import { compileMatcher } from '../matcher.ts'
import { sealTuple } from '../seal-tuple.ts'
import { TupleClock } from '../tuple-clock.ts'
import { SqliteTuples } from './sqlite-tuples.ts'

/**
 * A process that replaces a tuple in a SQLite file and dies: within the transaction, after the old one is removed, or after it.
 * Arguments: the database file, `within` or `after`.
 */
const [path = '', when = ''] = process.argv.slice(2)
const tuples = new SqliteTuples({ path, maxTuples: 10 })
const { id } = sealTuple({ id: 'old' }, new TupleClock())
const { template } = compileMatcher({ id })
tuples.run({ do: 'take', template: assertDefined(template, 'it is one'), leaseMs: 60, holder: 'dead' })
tuples.database.exec('BEGIN IMMEDIATE')
const put = { do: 'put', id: 'new', lane: null, yool: null, body: '{"id": "new"}' } as const
tuples.run({ do: 'replace', lease: { id, holder: 'dead' }, put })
if (when === 'after') tuples.database.exec('COMMIT')
process.kill(process.pid, 'SIGKILL')
