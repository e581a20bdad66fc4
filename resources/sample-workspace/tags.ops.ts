import { context, RetryableError, taskTokenGuard } from 'guardhouse'
import { sumBelow } from './lib/cpu-ladder.ts'

// What tags ask of the scheduler, one each: another attempt, another process.

/** Fails twice, as a busy server would, and succeeds with the third attempt, whose number it gives. */
export const flaky = taskTokenGuard({ operationType: 'tags.flaky', tags: { retry: { times: 3, delay: 100 } } })(() => {
  const { attempt, log } = context()
  log.info(`attempt ${attempt}`)
  if (attempt < 3) throw new RetryableError(`the server is busy (attempt ${attempt})`)
  return attempt
})

/** Adds up the numbers below `n` in a child process of its worker, within the limit of a storage tier. */
export const inProcess = taskTokenGuard({
  operationType: 'tags.inProcess',
  tags: { processPool: true, storageSpeed: 'FAST' },
})((n: number) => {
  context().log.info(`running in process ${process.pid}`)
  return sumBelow(n)
})
