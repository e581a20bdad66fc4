import { context, taskTokenGuard } from 'guardhouse'

/** Operations that call a service of the control thread. */

const declare = (operationType: string, operation: (...values: never[]) => unknown) =>
  taskTokenGuard({ operationType })(operation)

declare('take', (lane: string) => context().bus.in({ lane }))

declare('take.or.give.up', async (lane: string) => {
  const { signal } = context()
  try {
    return await context().bus.in({ lane })
  } catch (error) {
    return [signal.aborted, error instanceof Error ? error.message : error]
  }
})

declare('take.until', async (lane: string) => {
  const controller = new AbortController()
  const taking = context().bus.in({ lane }, { signal: controller.signal })
  setImmediate(() => controller.abort(new Error('enough')))
  return taking.catch((error: Error) => error.message)
})

declare('put', (lane: string) => context().bus.out({ lane }))
declare('put.unheard', (lane: string) => void context().bus.out({ lane }))
declare('put.function', () => context().bus.out({ lane: 'a', run: (() => 1) as never }))
