import { context, taskTokenGuard } from 'guardhouse'

/** Operations that use the bus. */

const declare = (operationType: string, operation: (...values: never[]) => unknown) =>
  taskTokenGuard({ operationType })(operation)

declare('produce', async (lane: string, count: number) => {
  for (let n = 0; n < count; n++) await context().bus.out({ lane, n })
})

declare('consume', async (lane: string) => (await context().bus.in({ lane }))?.n)

declare('take.and.fail', async (lane: string) => {
  await context().bus.in({ lane })
  throw new Error('after it')
})

declare('take.and.hang', async (lane: string) => {
  await context().bus.in({ lane })
  return new Promise(() => setInterval(() => undefined, 1000))
})

declare('take.and.give.back', async (lane: string) => {
  const { bus } = context()
  const tuple = await bus.inp({ lane })
  return tuple === null ? null : bus.giveBack(tuple.id)
})

declare('take.acknowledge.fail', async (lane: string) => {
  const { bus } = context()
  const id = (await bus.in({ lane }))?.id ?? ''
  throw new Error(`after it: ${await bus.acknowledge(id)} ${await bus.acknowledge(id)}`)
})
