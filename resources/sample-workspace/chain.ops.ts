import { taskTokenGuard } from 'guardhouse'
import { type ChainResult, fold, label, scaleUp, spread, wrap } from './lib/chain-steps.ts'

// Five steps, each a token of its own, and two leads that await them: look at the parents in the table of tokens.

/** First step: three times the value, and seven. */
export const scaleUpStep = taskTokenGuard({ operationType: 'chain.scaleUp', tags: { weight: 'light' } })(scaleUp)

/** Second step: half of an even value, twice an odd one and one more. */
export const foldStep = taskTokenGuard({ operationType: 'chain.fold', tags: { weight: 'light' } })(fold)

/** Third step: 1,275 times the value. */
export const spreadStep = taskTokenGuard({ operationType: 'chain.spread', tags: { weight: 'light' } })(spread)

/** Fourth step: the rest of a division by 9,973. */
export const wrapStep = taskTokenGuard({ operationType: 'chain.wrap', tags: { weight: 'light' } })(wrap)

/** Last step: the value with a label and its parity. */
export const labelStep = taskTokenGuard({ operationType: 'chain.label', tags: { weight: 'light' } })(label)

/** Sends a seed through the five steps, one after the other. */
export const runChain = taskTokenGuard({ operationType: 'chain.run' })(throughAllSteps)

/** Sends several seeds through the steps, a seed only when the one before it has arrived. */
export const runChains = taskTokenGuard({ operationType: 'chain.sequence' })(async (seeds: readonly number[]) => {
  const results: ChainResult[] = []
  for (const seed of seeds) results.push(await throughAllSteps(seed))
  return results
})

async function throughAllSteps(seed: number): Promise<ChainResult> {
  const scaled = await scaleUpStep(seed)
  const folded = await foldStep(scaled)
  const far = await spreadStep(folded)
  return await labelStep(await wrapStep(far))
}
