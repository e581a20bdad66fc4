import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readings } from './chain.ts'
import { writeRegister } from './made-workspaces.ts'

const lines = 100_000

/** What 100,000 stored lines add to the first run of a process that registers an actor and writes an event. */
export function measureLongStores(scratch: string, rounds: number): Readings[] {
  const workspace = join(scratch, 'register')
  const root = join(scratch, 'long')
  const indexes = join(scratch, 'indexes')
  writeRegister(workspace)
  mkdirSync(root)
  const line = (at: number): string =>
    JSON.stringify({ key: `stored ${at}`, address: `ADDR_${at}`, target_ref: 'x'.repeat(40) })
  const records = `${Array.from({ length: lines }, (_, at) => line(at)).join('\n')}\n`
  for (const name of ['actors.jsonl', 'events.jsonl']) writeFileSync(join(root, name), records)
  const added: number[] = []
  let first = 0
  for (let round = 0; round <= rounds; round += 1) {
    const script = join(import.meta.dirname, 'first-run.ts')
    const words = [script, workspace, join(scratch, `small-${round}`), root, indexes, `actor ${round}`]
    const { small, large } = JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' }))
    if (round === 0) first = large - small
    else added.push(large - small)
  }
  return [
    { what: '100,000 lines, the very first run (makes the index)', unit: 'ms more', readings: [first] },
    { what: '100,000 lines, first run of a process', unit: 'ms more', readings: added },
  ]
}
