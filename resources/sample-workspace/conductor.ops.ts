import { setTimeout as sleep } from 'node:timers/promises'
import { context, taskTokenGuard } from 'guardhouse'

// Fan-out: a lead hands work to its children and waits for all of them. While it waits, its worker runs others.

/** One child's share: 150 ms of waiting, then its number. */
export const child = taskTokenGuard({ operationType: 'conductor.child' })(async (number: number) => {
  await sleep(150, undefined, { signal: context().signal })
  return number
})

/** Sends `children` children out and returns what they brought. */
export const lead = taskTokenGuard({ operationType: 'conductor.lead' })(async (children = 4) => {
  const tokens = Array.from({ length: children }, (_, index) => child(index))
  context().log.info(`waiting for ${children} children`)
  return await Promise.all(tokens)
})
