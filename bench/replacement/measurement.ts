import { setTimeout as sleep } from 'node:timers/promises'
import { answerParent } from '../child-process.ts'
import { startScheduler } from '../guardhouse.ts'
import { shareRunCounters } from '../operations/run-counters.ts'
import { workerCount } from '../pools/pool.ts'
import { comeToRest } from '../reporting/come-to-rest.ts'
import { OtherLoad } from '../reporting/other-load.ts'
import { faultsOfCounts } from './count-faults.ts'
import { killOnce, type OneKill } from './kill-once.ts'

/** Entry of a measuring process: kills a never-ending token again and again, while other tokens wait behind it. */

export interface ReplacementMeasurement {
  readonly kills: number
  /** Tokens submitted right before each kill. */
  readonly bystanders: number
  /** Whether the house comes to rest before each kill; else kills follow each other as fast as they can. */
  readonly rested: boolean
}

export interface ReplacementFigure {
  readonly kills: readonly OneKill[]
  readonly otherLoad: number
  readonly faults: readonly string[]
}

// A host that has run for a moment: its spare thread is started by then.
const settlingMs = 1500

await answerParent(measure)

async function measure({ kills, bystanders, rested }: ReplacementMeasurement): Promise<ReplacementFigure> {
  const tokensPerKill = bystanders + 1
  const runs = shareRunCounters(kills * tokensPerKill)
  const { scheduler, clock } = await startScheduler(workerCount, { killGraceMs: 0 })
  const others = new OtherLoad()
  const done: OneKill[] = []
  await scheduler.submit('bench.noop', [0])
  await sleep(settlingMs)
  for (let kill = 0; kill < kills; kill++) {
    if (rested) await comeToRest()
    done.push(await killOnce({ scheduler, clock, runs, first: kill * tokensPerKill, bystanders }))
  }
  const otherLoad = others.coresUsed()
  const faults = done.flatMap((kill, index) => kill.faults.map((fault) => `kill ${index + 1}: ${fault}`))
  // The bystanders, and the token that started the first worker.
  const completed = kills * bystanders + 1
  return { kills: done, otherLoad, faults: [...faults, ...faultsOfCounts(scheduler, runs, kills, completed)] }
}
