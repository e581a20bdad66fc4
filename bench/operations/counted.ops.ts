import { taskTokenGuard } from 'guardhouse'
import { countRun } from './run-counters.ts'

const milliseconds = 1

/** Counts that it ran, is busy for a millisecond, and gives back which one it is. */
export const counted = taskTokenGuard({ operationType: 'bench.counted' })((index: number) => {
  countRun(index)
  const until = performance.now() + milliseconds
  while (performance.now() < until) Math.sqrt(index)
  return index
})
