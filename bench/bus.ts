import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measureAgents } from './bus/agents.ts'
import { killingSoak } from './bus/killing-soak.ts'
import { measurePairs, type PairsLoad } from './bus/pairs.ts'
import { soak } from './bus/soak.ts'
import { readLoadAverage, readMachineFacts } from './reporting/machine-facts.ts'
import { writeResult } from './reporting/results-file.ts'
import { spreadOf } from './reporting/statistics.ts'

/**
 * `npm run bench:bus [-- --rounds N] [-- --soak]`: out+in pairs in a second, medians, as JSON. --soak instead sends a million
 * tuples through a logged space, and kills one of two processes that take from one space in SQLite, then in Redis, forty times
 * each; --agents spawns and finishes agents beside many that wait. `reference` is what the original reached on another machine;
 * only the ratios compare.
 */

/** By residents and waiters; the original measured 16 and 64 waiters, and residents of another lane. */
const reference: Readonly<Record<string, number>> = { '0/0': 56_500, '1000/0': 3230, '10000/0': 119, '0/64': 4230 }
/** Agents that the original spawned in a second beside so many. */
const agentsReference: Readonly<Record<number, number>> = { 100: 16_100, 1000: 2520, 5000: 1180 }
const wanted = { memory: 200_000, sqlite: 20_000 }

const rounds = Number(process.argv[process.argv.indexOf('--rounds') + 1] ?? Number.NaN) || 5
const folder = mkdtempSync(join(tmpdir(), 'guardhouse-bench-bus-'))
try {
  const measured = await measure()
  const run = { date: new Date(), machine: readMachineFacts(), load: readLoadAverage(), measured }
  const text = JSON.stringify(run, null, 2)
  writeResult(`${run.date.toISOString().replaceAll(/[:.]/g, '-')}-bus.json`, `${text}\n`)
  console.log(text)
} finally {
  rmSync(folder, { recursive: true })
}

async function measure(): Promise<unknown> {
  if (process.argv.includes('--agents')) return agents()
  if (!process.argv.includes('--soak')) return pairs()
  return { log: await soak(join(folder, 'log', 'tuples.jsonl'), 1_000_000), ...(await killingSoak(folder, 40)) }
}

async function agents() {
  const results = []
  for (const waiting of [100, 1000, 5000]) {
    const readings = []
    for (let round = 0; round <= rounds; round++) {
      const reading = await measureAgents(waiting)
      if (round > 0) readings.push(reading)
    }
    const spawned = spreadOf(readings.map(({ spawnedPerSecond }) => spawnedPerSecond))
    const finished = spreadOf(readings.map(({ finishedPerSecond }) => finishedPerSecond))
    results.push({ waiting, spawned, finished, reference: agentsReference[waiting] })
  }
  return results
}

async function pairs() {
  const results = []
  for (const store of ['memory', 'sqlite'] as const) {
    for (const residents of [0, 1000, 10_000]) {
      for (const waiters of [0, 64]) {
        const load = store === 'memory' ? { pairs: 200_000, atOnce: 1 } : { pairs: 20_000, atOnce: 1024 }
        const perSecond = spreadOf(await readings({ store, residents, waiters, ...load, path: '' }))
        const there = store === 'memory' ? (reference[`${residents}/${waiters}`] ?? null) : null
        results.push({
          store,
          residents,
          waiters,
          ...load,
          perSecond,
          wanted: wanted[store],
          met: perSecond.median >= wanted[store],
          reference: there,
        })
      }
    }
  }
  return results
}

async function readings(load: PairsLoad): Promise<number[]> {
  const all: number[] = []
  // The first one warms up and is not counted.
  for (let round = 0; round <= rounds; round++) {
    const reading = await measurePairs({
      ...load,
      path: join(folder, `${load.residents}-${load.waiters}-${round}.sqlite`),
    })
    if (round > 0) all.push(Math.round(reading))
  }
  return all
}
