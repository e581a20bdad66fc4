import { MachineWatch } from '../../src/main/control/machine-watch.ts'
import { startScheduler } from '../guardhouse.ts'
import { fixedWork } from '../operations/fixed-work.ts'
import { comeToRest } from '../reporting/come-to-rest.ts'
import { OtherLoad } from '../reporting/other-load.ts'
import type { ScalingFigure, ScalingMeasurement } from './measurement.ts'
import { PinningWatch } from './pinning-proof.ts'

// Each look, with what is read here besides, takes a millisecond of a core that is being measured.
const lookEveryMs = 250
// The host's spare thread begins to load a second after the first worker was ready; see thread-source.ts.
const warmUpMs = 1500

/** The pieces as tokens, one worker per core, all submitted at once. */
export async function measureGuardhouse({ cores, pieces }: ScalingMeasurement): Promise<ScalingFigure> {
  const { scheduler, topology, clock } = await startScheduler(cores)
  const run = (seed: number) => scheduler.submit('bench.fixedWork', [seed]).outcome
  const expected = fixedWork(1)
  const machine = new MachineWatch({ topology, clock, workerThreads: () => scheduler.reports.workerThreads() })
  const pinning = new PinningWatch(() => scheduler.reports.stats(machine.look()).workers)
  const timer = setInterval(() => pinning.look(), lookEveryMs)
  // Every worker has started, loaded its module and compiled its loop before the clock starts; the host's spare thread has loaded too.
  for (const from = performance.now(); performance.now() - from < warmUpMs; )
    await Promise.all(Array.from({ length: pieces }, () => run(1)))
  await comeToRest()
  const others = new OtherLoad()
  const from = performance.now()
  const answers = await Promise.all(Array.from({ length: pieces }, () => run(1)))
  const milliseconds = performance.now() - from
  const otherLoad = others.coresUsed()
  clearInterval(timer)
  if (answers.some((answer) => answer !== expected)) throw new Error('a piece of work gave a wrong checksum')
  const page = await scheduler.query({}, { by: 'sequence', direction: 'descending' }, 0, pieces)
  const ran = page.rows.reduce((sum, row) => sum + (row.ran ?? 0), 0)
  return { milliseconds, pieceMs: ran / pieces / 1000, otherLoad, pinning: pinning.proof() }
}
