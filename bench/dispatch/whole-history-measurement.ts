import { answerParent } from '../child-process.ts'
import { startScheduler } from '../guardhouse.ts'
import { workerCount } from '../pools/pool.ts'
import { type LifeCycleProof, proveLifeCycles } from './life-cycle-proof.ts'
import type { WholeHistory } from './whole-history.ts'

/** Entry of a measuring process: runs a history full of tokens, then asks for every one. */

const burst = 10_000

await answerParent(measure)

async function measure({ tokens }: WholeHistory): Promise<LifeCycleProof> {
  const { scheduler } = await startScheduler(workerCount)
  for (let submitted = 0; submitted < tokens; submitted += burst) {
    const outcomes = Array.from({ length: burst }, (_, index) => scheduler.submit('bench.noop', [index]).outcome)
    await Promise.all(outcomes)
  }
  return proveLifeCycles(scheduler, tokens)
}
