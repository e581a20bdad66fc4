import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readings } from './chain.ts'
import { writeRegister } from './made-workspaces.ts'

const lines = { short: 10, long: 100_000 }

/**
 * What 100,000 stored lines add to the first run of a process that registers an actor and writes an event: the same on a
 * data root of 10 lines and on the long one, turn by turn, each in a process that has never seen it.
 */
export function measureLongStores(scratch: string, rounds: number): Readings[] {
  const workspace = join(scratch, 'register')
  writeRegister(workspace)
  for (const [name, count] of Object.entries(lines)) writeStores(join(scratch, name), count)
  let number = 0
  // As the command line does it: what an earlier process has compiled is found.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(scratch, 'code') }
  const firstRun = (root: keyof typeof lines): number => {
    number += 1
    const script = join(import.meta.dirname, 'first-run.ts')
    const small = join(scratch, `small-${number}`)
    const words = [script, workspace, small, join(scratch, root), join(scratch, 'indexes'), `actor ${number}`]
    return Number(execFileSync(process.execPath, words, { encoding: 'utf8', env }))
  }
  for (const root of ['short', 'long'] as const) firstRun(root)
  // The compiled code is there now, and with it an index, which is to be made once more.
  rmSync(join(scratch, 'indexes'), { recursive: true })
  const makesIndex = firstRun('long') - firstRun('short')
  const short: number[] = []
  const long: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    short.push(firstRun('short'))
    long.push(firstRun('long'))
  }
  const added = long.map((took, round) => took - (short[round] ?? 0))
  return [
    { what: '10 lines, first run of a process', unit: 'ms', readings: short },
    { what: '100,000 lines, first run of a process', unit: 'ms', readings: long },
    { what: '100,000 lines, first run of a process', unit: 'ms more', readings: added },
    { what: '100,000 lines, the very first run (makes the index)', unit: 'ms more', readings: [makesIndex] },
  ]
}

function writeStores(root: string, count: number): void {
  mkdirSync(root)
  const line = (at: number): string =>
    JSON.stringify({ key: `stored ${at}`, address: `ADDR_${at}`, target_ref: 'x'.repeat(40) })
  const records = `${Array.from({ length: count }, (_, at) => line(at)).join('\n')}\n`
  for (const name of ['actors.jsonl', 'events.jsonl']) writeFileSync(join(root, name), records)
}
