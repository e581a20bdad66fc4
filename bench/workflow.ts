import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { formatTable } from '../src/main/cli/table.ts'
import { referenceFolder } from '../src/main/engine/workflow/reference-folder.fixture.ts'
import { readLoadAverage, readMachineFacts } from './reporting/machine-facts.ts'
import { machineText } from './reporting/summary-text.ts'
import { measureChain, type Readings } from './workflow/chain.ts'
import { measureLongStores } from './workflow/long-stores.ts'
import { writeChain } from './workflow/made-workspaces.ts'

/** Medians that were measured with pgs_runtime 0.3.0 on two cores of an Intel Xeon at 2.5 GHz, and what we want. */
const known: Readonly<Record<string, readonly [reference: string, wanted: string]>> = {
  'load (ms)': ['1.7 - 3.8', '< 2'],
  'walk with trace (us/step)': ['74 - 99', '<= 5'],
  'walk without trace (us/step)': ['47 - 66', ''],
  '100,000 lines, first run of a process (ms more)': ['720 - 910', '< 1'],
}

const { values } = parseArgs({
  options: { workspace: { type: 'string' }, rounds: { type: 'string', default: '300' }, json: { type: 'boolean' } },
})
const date = new Date()
const loadBefore = readLoadAverage()
const scratch = mkdtempSync(join(tmpdir(), 'guardhouse-bench-'))
try {
  const all = [
    ...(await measureChain(values.workspace ?? chainWorkspace(), join(scratch, 'runs'), Number(values.rounds))),
    ...measureLongStores(scratch, 21),
  ]
  if (values.json) console.log(JSON.stringify(all))
  else {
    console.log(machineText({ date, machine: readMachineFacts(), loadBefore, loadAfter: readLoadAverage() }))
    console.log(table(all))
  }
} finally {
  rmSync(scratch, { recursive: true })
}

/** The reference's own workspace where it is at hand, else one of the same shape. */
function chainWorkspace(): string {
  const given = join(referenceFolder, 'snapshot', 'bench-chain')
  if (existsSync(given)) return given
  const made = join(scratch, 'chain')
  writeChain(made)
  return made
}

function table(all: readonly Readings[]): string {
  const numbers = ['best', 'median', 'pgs_runtime 0.3.0', 'wanted'].map((title) => ({ title, align: 'right' as const }))
  const rows = all.map(({ what, unit, readings }) => {
    const sorted = readings.toSorted((left, right) => left - right)
    const title = `${what} (${unit})`
    const [reference = '', wanted = ''] = known[title] ?? []
    const shown = [sorted[0], sorted[Math.floor(sorted.length / 2)]].map((value) => value?.toFixed(2) ?? '')
    return [title, ...shown, reference, wanted]
  })
  return formatTable([{ title: 'what' }, ...numbers], rows)
}
