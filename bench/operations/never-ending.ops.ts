import { taskTokenGuard } from 'guardhouse'
import { countRun } from './run-counters.ts'

/** Computes for ever and never looks up: only ending its thread stops it. `index` is where its runs are counted. */
export const neverEnding = taskTokenGuard({ operationType: 'bench.neverEnding' })((index: number): never => {
  countRun(index)
  for (let turns = 0; ; turns = (turns + 1) % 1_000_000) Math.sqrt(turns)
})
