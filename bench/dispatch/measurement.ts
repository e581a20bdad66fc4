import { assertDefined } from '../../src/shared/assert.ts'
import { answerParent } from '../child-process.ts'
import { contenders } from '../pools/contenders.ts'
import { OtherLoad } from '../reporting/other-load.ts'
import type { LifeCycleProof } from './life-cycle-proof.ts'
import { type LoadName, loads } from './loads.ts'

/** Entry of a measuring process: one contender under one load. */

export interface DispatchMeasurement {
  /** Index in `contenders`. */
  readonly contender: number
  readonly load: LoadName
  readonly warmUpMs: number
  readonly measuredMs: number
}

export interface DispatchFigure {
  readonly tasksPerSecond: number
  readonly tasks: number
  /** Cores that everything else on the machine used meanwhile. */
  readonly otherLoad: number
  readonly proof: LifeCycleProof | null
}

await answerParent(measure)

async function measure({ contender, load, warmUpMs, measuredMs }: DispatchMeasurement): Promise<DispatchFigure> {
  const pool = await assertDefined(contenders[contender], 'the parent names an existing contender').open()
  const { drive } = loads[load]
  const warmUp = await drive(pool, warmUpMs)
  const others = new OtherLoad()
  const { tasks, milliseconds } = await drive(pool, measuredMs)
  const otherLoad = others.coresUsed()
  const proof = (await pool.prove?.(warmUp.tasks + tasks)) ?? null
  return { tasksPerSecond: (tasks / milliseconds) * 1000, tasks, otherLoad, proof }
}
