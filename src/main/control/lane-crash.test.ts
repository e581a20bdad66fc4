import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSqlite } from '../engine/bus/stores/open-sqlite.fixture.ts'
import { TupleSpace } from '../engine/bus/tuple-space.ts'
import { until } from '../engine/scheduler/until.fixture.ts'

const entry = new URL('./lane-host.fixture.ts', import.meta.url)
const tuples = 30

test('a host killed while it works a lane loses no tuple, and runs none again beside what its journal brings back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guardhouse-lane-'))
  const file = join(folder, 'runs.txt')
  const places = [join(folder, 'journal.sqlite'), join(folder, 'bus.sqlite')]
  const space = new TupleSpace({ store: await openSqlite(join(folder, 'bus.sqlite')) })
  const numbersLeft = async () =>
    (await space.list({ lane: 'work' }, 0, 1000)).tuples.map(({ tuple }) => Number(tuple.n))
  let host = await started(places)
  try {
    for (let n = 0; n < tuples; n++) await space.out({ lane: 'work', file, n })
    await until('some are done', () => runsIn(file).length > 5)
    await killed(host)
    const begun = new Set(runsIn(file))
    const left = new Set(await numbersLeft())
    host = await started(places)
    await until('all are done', async () => (await numbersLeft()).length === 0)
    const runs = runsIn(file)
    // What had begun and was not acknowledged may run once more; nothing else may.
    for (let n = 0; n < tuples; n++) {
      const count = runs.filter((run) => run === n).length
      expect(count, `runs of the tuple ${n}`).toBe(begun.has(n) && left.has(n) ? 2 : 1)
    }
  } finally {
    await killed(host)
    await space.close()
    rmSync(folder, { recursive: true })
  }
}, 120_000)

async function started(places: readonly string[]): Promise<ChildProcess> {
  const host = fork(entry, places)
  await once(host, 'message')
  return host
}

function runsIn(file: string): number[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number)
}

async function killed(host: ChildProcess): Promise<void> {
  if (host.exitCode !== null || host.signalCode !== null) return
  const gone = new Promise((resolve) => host.once('exit', resolve))
  host.kill('SIGKILL')
  await gone
}
