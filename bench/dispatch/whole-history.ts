import { optionDefinitions } from '../../src/main/engine/scheduler/options.ts'
import { measureInChild } from '../child-process.ts'
import type { LifeCycleProof } from './life-cycle-proof.ts'

const historyMax = Number(optionDefinitions.historyMax.default)

export interface WholeHistory {
  readonly tokens: number
}

/** As many tokens as the history keeps, 10,000 queued at a time: here each one's life cycle must be there afterwards. */
export async function proveWholeHistory(): Promise<LifeCycleProof> {
  const input: WholeHistory = { tokens: historyMax }
  const proof = await measureInChild<LifeCycleProof>(new URL('whole-history-measurement.ts', import.meta.url), input)
  if (proof.proven === historyMax) return proof
  return { ...proof, problems: [...proof.problems, `of ${historyMax} tokens ${proof.proven} could be told`] }
}
