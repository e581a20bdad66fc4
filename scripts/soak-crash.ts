import { parseArgs } from 'node:util'
import { crashRounds } from '../src/main/control/crash-rounds.fixture.ts'

/**
 * Kills hosts under load at random moments and counts what became of every acknowledged token: `npm run soak:crash`.
 * `--rounds N` for another number of them. Exit code 1 when a token is not accounted for exactly once.
 */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '500' } } })
const tally = await crashRounds(Number(values.rounds), Math.random, (text) => process.stderr.write(`${text}\n`))
process.stdout.write(`${JSON.stringify(tally, null, 2)}\n`)
if (tally.faults.length > 0) process.exitCode = 1
