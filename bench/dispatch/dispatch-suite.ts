import { measureInChild } from '../child-process.ts'
import { contenders } from '../pools/contenders.ts'
import { measureCalmly } from '../reporting/calm.ts'
import { rotate } from '../reporting/rotation.ts'
import type { SuiteReport, SuiteSettings } from '../reporting/suite.ts'
import { compare, type LoadComparison, type Reading } from './comparison.ts'
import { dispatchText } from './dispatch-text.ts'
import { loadNames, loads } from './loads.ts'
import type { DispatchFigure, DispatchMeasurement } from './measurement.ts'
import { proveWholeHistory } from './whole-history.ts'

const entry = new URL('measurement.ts', import.meta.url)
// Until then V8 still compiles and sizes its young generation, of whichever pool; Guardhouse is a host that stays up.
const warmUpMs = 2500
const measuredMs = 1000

/**
 * Guardhouse against its peers under each load. One measurement is one process; a round measures every contender under every load
 * once, and begins with another contender than the round before.
 */
export async function runDispatch({ rounds, patience, progress }: SuiteSettings): Promise<SuiteReport> {
  const readings: Reading[] = []
  for (let round = 0; round < rounds; round++) {
    for (const load of loadNames) {
      for (const contender of rotate([...contenders.keys()], round)) {
        const input: DispatchMeasurement = { contender, load, warmUpMs, measuredMs }
        const figure = await measureCalmly(patience, () => measureInChild<DispatchFigure>(entry, input))
        readings.push({ round, contender, load, figure })
      }
      progress(`dispatch: round ${round + 1} of ${rounds}, ${loads[load].title}`)
    }
  }
  const wholeHistory = await proveWholeHistory()
  const comparisons = loadNames.map((load) => compare(load, readings))
  const proofs = [...readings.flatMap(({ figure }) => figure.proof ?? []), wholeHistory]
  return {
    text: dispatchText({ rounds, warmUpMs, measuredMs, readings, comparisons, wholeHistory }),
    data: { warmUpMs, measuredMs, comparisons, wholeHistory, readings: readings.map(withNames) },
    targets: comparisons.map(targetOf),
    faults: proofs.flatMap(({ problems }) => problems),
  }
}

function targetOf({ load, ratio }: LoadComparison) {
  const { title, target } = loads[load]
  const what = `dispatch, ${title}: Guardhouse against the fastest peer`
  return { what, measured: ratio.median, wanted: target, better: 'larger', unit: '×' } as const
}

function withNames({ contender, ...reading }: Reading) {
  const { library, setting } = contenders[contender] ?? {}
  return { library, setting, ...reading }
}
