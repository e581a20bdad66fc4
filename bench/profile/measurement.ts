import { Session } from 'node:inspector/promises'
import { assertDefined } from '../../src/shared/assert.ts'
import { answerParent } from '../child-process.ts'
import { type LoadName, loads } from '../dispatch/loads.ts'
import { guardhouseContenders } from '../pools/guardhouse-pool.ts'
import { OtherLoad } from '../reporting/other-load.ts'
import type { CpuProfile } from './self-times.ts'

/** Entry of a measuring process: Guardhouse under one load, with V8's sampling profiler on the control thread. */

export interface ProfileMeasurement {
  readonly load: LoadName
  readonly warmUpMs: number
  readonly measuredMs: number
  readonly samplingMicroseconds: number
}

export interface ProfileFigure {
  readonly tasksPerSecond: number
  readonly otherLoad: number
  readonly profile: CpuProfile
}

await answerParent(measure)

async function measure(input: ProfileMeasurement): Promise<ProfileFigure> {
  const pool = await assertDefined(guardhouseContenders[0], 'Guardhouse has a setting').open()
  const { drive } = loads[input.load]
  await drive(pool, input.warmUpMs)
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: input.samplingMicroseconds })
  await session.post('Profiler.start')
  const others = new OtherLoad()
  const { tasks, milliseconds } = await drive(pool, input.measuredMs)
  const otherLoad = others.coresUsed()
  const { profile } = await session.post('Profiler.stop')
  return { tasksPerSecond: (tasks / milliseconds) * 1000, otherLoad, profile }
}
