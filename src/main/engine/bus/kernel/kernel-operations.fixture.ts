import { context, taskTokenGuard } from '../../../sdk/index.ts'

export const plan = taskTokenGuard({ operationType: 'plan' })(async (depth: number, branching: number) => {
  const { kernel } = context()
  await kernel.hook('workers', 'agent.dev.run')
  const batch = await kernel.batchSpawn({ yool: 'agent.dev.run', depth, branching, lane: 'dev', wall: 'workers' })
  await kernel.leaf(batch.id, batch.leaves - 1n)
  const { agents } = await kernel.scanIndex({ lane: 'dev' })
  return agents.map(({ map }) => map.slice(2))
})

export const refused = taskTokenGuard({ operationType: 'refused' })(async (request: object) => {
  await context().kernel.spawn(request as { yool: string })
})

export const guarded = taskTokenGuard({ operationType: 'guarded' })(async (text: string) =>
  context().kernel.execute({ yool: 'text.length.count', data: { text } }, async ({ text }) => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    return { length: String(text).length, by: context().token }
  }),
)

taskTokenGuard({ operationType: 'slow' })(async () => context().bus.rd({ lane: 'never' }))

taskTokenGuard({ operationType: 'quick' })(async () => 'quick')

taskTokenGuard({ operationType: 'sum' })(async (tuples: readonly { readonly n: number }[]) => {
  const sum = tuples.reduce((total, { n }) => total + n, 0)
  await context().bus.out({ lane: 'sums', sum })
})
