import { setTimeout as sleep } from 'node:timers/promises'
import { context, taskTokenGuard } from 'guardhouse'

// Fan-out: a lead hands work to its children and waits for all of them. While it waits, its worker runs others. Its tag makes it
// the conductor of a domain: whatever it calls runs on its own core.

/** One child's share: 150 ms of waiting, then its number. */
export const child = taskTokenGuard({ operationType: 'conductor.child' })(async (number: number) => {
  await sleep(150, undefined, { signal: context().signal })
  return number
})

/** Sends `children` children out, and tells what they brought and on how many cores they ran. */
export const lead = taskTokenGuard({
  operationType: 'conductor.lead',
  tags: { externalCalls: ['conductor.child'] },
})(async (children = 4) => {
  const tokens = Array.from({ length: children }, (_, index) => child(index))
  context().log.info(`waiting for ${children} children`)
  const brought = await Promise.all(tokens)
  const ends = await Promise.all(tokens.map((token) => token.status()))
  return { brought, cores: new Set(ends.map(({ core }) => core)).size }
})
