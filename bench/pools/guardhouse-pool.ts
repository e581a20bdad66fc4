import { proveLifeCycles } from '../dispatch/life-cycle-proof.ts'
import { startScheduler } from '../guardhouse.ts'
import { type Contender, type Pool, workerCount } from './pool.ts'

export const guardhouseContenders: readonly Contender[] = [
  { library: 'Guardhouse', setting: 'defaults, 1 worker per core', open: openGuardhouse },
]

async function openGuardhouse(): Promise<Pool> {
  const { scheduler } = await startScheduler(workerCount)
  return {
    run: (value) => scheduler.submit('bench.noop', [value]).outcome,
    prove: (submitted) => proveLifeCycles(scheduler, submitted),
  }
}
