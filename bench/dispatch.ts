import { GuardhouseError } from '../src/shared/errors.ts'
import { runDispatch } from './dispatch/dispatch-suite.ts'
import { runJournal } from './journal/journal-suite.ts'
import { runMemory } from './memory/memory-suite.ts'
import { runProfile } from './profile/profile-suite.ts'
import { runReplacement } from './replacement/replacement-suite.ts'
import { Patience } from './reporting/calm.ts'
import { readCommandLine } from './reporting/command-line.ts'
import { readLoadAverage, readMachineFacts } from './reporting/machine-facts.ts'
import { writeResult } from './reporting/results-file.ts'
import { isMet, type Suite, type SuiteReport } from './reporting/suite.ts'
import { machineText, targetsTable } from './reporting/summary-text.ts'
import { runScaling } from './scaling/scaling-suite.ts'

const suites = {
  dispatch: runDispatch,
  scaling: runScaling,
  memory: runMemory,
  replacement: runReplacement,
  profile: runProfile,
  journal: runJournal,
} satisfies Record<string, Suite>
type SuiteName = keyof typeof suites
const suiteNames = Object.keys(suites) as SuiteName[]

const usage = `node bench/dispatch.ts [--only ${suiteNames.join('|')}] [--rounds N] [--patience SECONDS] [--json]

Without --only: dispatch and scaling. --only may be given more than once. --patience: how long to wait, all in
all, for moments in which others leave the machine alone. --json prints the result file instead of tables.
Exit code 1 when a proof failed (a token lost, a wrong answer), 0 also when a target is missed: speed depends on the machine.`

try {
  await main()
} catch (error) {
  if (!(error instanceof GuardhouseError)) throw error
  console.error(error.message)
  process.exitCode = error.kind === 'bad-request' ? 2 : 1
}

async function main(): Promise<void> {
  const options = readCommandLine(process.argv.slice(2), suiteNames, ['dispatch', 'scaling'])
  if (options.help) return console.log(usage)
  const date = new Date()
  const machine = readMachineFacts()
  const loadBefore = readLoadAverage()
  const patience = new Patience(options.patience)
  const reports: Partial<Record<SuiteName, SuiteReport>> = {}
  for (const name of options.only) {
    reports[name] = await suites[name]({
      rounds: options.rounds,
      machine,
      patience,
      progress: (text) => console.error(text),
    })
    if (!options.json) console.log(`\n${reports[name].text}\n`)
  }
  const run = { date, machine, loadBefore, loadAfter: readLoadAverage() }
  finish(run, Object.entries(reports), options.json)
}

interface Run {
  readonly date: Date
  readonly machine: ReturnType<typeof readMachineFacts>
  readonly loadBefore: readonly number[]
  readonly loadAfter: readonly number[]
}

function finish(run: Run, reports: readonly (readonly [string, SuiteReport])[], json: boolean): void {
  const targets = reports.flatMap(([, report]) => report.targets)
  const faults = reports.flatMap(([, report]) => report.faults)
  const suitesData = Object.fromEntries(reports.map(([name, report]) => [name, report.data]))
  const verdicts = targets.map((target) => ({ ...target, met: isMet(target) }))
  const result = JSON.stringify({ ...run, targets: verdicts, faults, suites: suitesData }, null, 2)
  const names = reports.map(([name]) => name).join('-')
  const path = writeResult(`${run.date.toISOString().replaceAll(/[:.]/g, '-')}-${names}.json`, `${result}\n`)
  if (json) console.log(result)
  else console.log(`${targetsTable(targets)}\n\n${machineText(run)}\nEvery reading: ${path}`)
  for (const fault of faults) console.error(`FAULT: ${fault}`)
  if (faults.length > 0) process.exitCode = 1
}
