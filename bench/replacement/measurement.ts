import { answerParent } from '../child-process.ts'
import { startScheduler } from '../guardhouse.ts'
import { shareRunCounters } from '../operations/run-counters.ts'
import { workerCount } from '../pools/pool.ts'
import { OtherLoad } from '../reporting/other-load.ts'
import { faultsOfCounts } from './count-faults.ts'
import { killOnce, type OneKill } from './kill-once.ts'

/** Entry of a measuring process: kills a never-ending token again and again, while other tokens wait behind it. */

export interface ReplacementMeasurement {
  readonly kills: number
  /** Tokens submitted right before each kill. */
  readonly bystanders: number
}

export interface ReplacementFigure {
  readonly kills: readonly OneKill[]
  readonly otherLoad: number
  readonly faults: readonly string[]
}

await answerParent(measure)

async function measure({ kills, bystanders }: ReplacementMeasurement): Promise<ReplacementFigure> {
  const tokensPerKill = bystanders + 1
  const runs = shareRunCounters(kills * tokensPerKill)
  const { scheduler, clock } = await startScheduler(workerCount, { killGraceMs: 0 })
  const others = new OtherLoad()
  const done: OneKill[] = []
  for (let kill = 0; kill < kills; kill++) {
    done.push(await killOnce({ scheduler, clock, runs, first: kill * tokensPerKill, bystanders }))
  }
  const otherLoad = others.coresUsed()
  const faults = done.flatMap((kill, index) => kill.faults.map((fault) => `kill ${index + 1}: ${fault}`))
  return { kills: done, otherLoad, faults: [...faults, ...faultsOfCounts(scheduler, runs, kills, bystanders)] }
}
