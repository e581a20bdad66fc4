import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from '../../scheduler/until.fixture.ts'
import { TupleSpace } from '../tuple-space.ts'
import type { TupleStore } from './tuple-store.ts'

const entry = fileURLToPath(new URL('./taking-process.fixture.ts', import.meta.url))

export interface TakingLoad {
  readonly kind: 'sqlite' | 'redis'
  /** The database file, or the address of the server. */
  readonly place: string
  /** Opened on the same tuples; closed at the end. */
  readonly store: TupleStore
  /** For the notes of the processes. */
  readonly folder: string
  readonly deaths: number
  readonly tuplesPerDeath: number
}

export interface TakingReport {
  readonly deaths: number
  readonly tuples: number
  readonly handled: number
  /** Handed out more than once, as what a dead process held must be. */
  readonly again: number
  /** What must not be, in words. */
  readonly faults: readonly string[]
}

/** Two processes take from one space; one of them is killed again and again, wherever it happens to be. */
export async function takeAndKill(load: TakingLoad): Promise<TakingReport> {
  const { kind, place, store, folder, deaths, tuplesPerDeath } = load
  const notes = join(folder, 'notes.txt')
  await writeFile(notes, '')
  const start = () => spawn(process.execPath, [entry, kind, place, notes], { stdio: ['ignore', 'ignore', 'inherit'] })
  const lines = async () => (await readFile(notes, 'utf8')).split('\n').filter((line) => line !== '')
  const space = new TupleSpace({ store })
  const steady = start()
  let victim = start()
  try {
    for (let death = 0; death < deaths; death++) {
      const { pid } = victim
      await until('it takes too', async () => (await lines()).includes(`ready - ${pid}`))
      const put = Array.from({ length: tuplesPerDeath }, (_, n) =>
        space.out({ lane: 'work', n: death * tuplesPerDeath + n }),
      )
      await until('it has some in hands', async () =>
        (await lines()).some((line) => line.startsWith('handled') && line.endsWith(` ${pid}`)),
      )
      victim.kill('SIGKILL')
      await Promise.all([gone(victim), ...put])
      victim = start()
    }
    await untilEmpty(space)
    for (let n = 0; n < 2; n++) await space.out({ lane: 'work', n: 'stop' })
    await Promise.all([gone(steady), gone(victim)])
  } finally {
    for (const child of [steady, victim]) child.kill('SIGKILL')
    await space.close()
  }
  return { deaths, tuples: deaths * tuplesPerDeath, ...account(await lines(), deaths * tuplesPerDeath) }
}

/** However long it takes in all, something is taken and acknowledged all the time. */
async function untilEmpty(space: TupleSpace): Promise<void> {
  let left = Number.POSITIVE_INFINITY
  while (left > 0) {
    const before = left
    await until('one more is taken and acknowledged', async () => {
      left = (await space.list({}, 0, 1)).matched
      return left < before
    })
  }
}

function gone(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => child.once('exit', () => resolve()))
}

function account(lines: readonly string[], tuples: number): Pick<TakingReport, 'handled' | 'again' | 'faults'> {
  const handled = new Set<string>()
  const acknowledged = new Set<string>()
  const faults: string[] = []
  let again = 0
  for (const line of lines) {
    const [what = '', n = ''] = line.split(' ')
    if (what === 'ready') continue
    if (acknowledged.has(n)) faults.push(`tuple ${n} was ${what} after its acknowledgement`)
    if (what === 'acknowledged') acknowledged.add(n)
    else if (handled.has(n)) again += 1
    else handled.add(n)
  }
  if (handled.size !== tuples) faults.push(`${tuples} tuples were put and ${handled.size} handled`)
  return { handled: handled.size, again, faults }
}
