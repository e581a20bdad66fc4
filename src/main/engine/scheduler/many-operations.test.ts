import { expect, it } from 'vitest'
import { TestScheduler } from './scheduler.fixture.ts'

const moduleUrl = new URL('./many-operations.fixture.ts', import.meta.url).href
const operations = Array.from({ length: 10_000 }, (_, number) => ({
  operationType: `many.${number}`,
  tags: {},
  moduleUrl,
}))

it('runs any of 10,000 operations, tells of all of them, and takes a new version of all', async () => {
  await using test = await TestScheduler.create({ cores: 2, operations })
  const numbers = Array.from({ length: 500 }, (_, index) => (index * 7919) % operations.length)
  const run = () => Promise.all(numbers.map((number) => test.submit(`many.${number}`)))
  expect(await run()).toEqual(numbers)
  test.reload()
  expect(await run()).toEqual(numbers)
  const reports = test.scheduler.reports.operations()
  expect(reports).toHaveLength(operations.length)
  const ran = new Set(numbers.map((number) => `many.${number}`))
  for (const { operation, counts } of reports) expect(counts.COMPLETED ?? 0).toBe(ran.has(operation) ? 2 : 0)
  expect(() => test.submit('many.10000')).toThrow(expect.objectContaining({ kind: 'not-found' }))
  test.command('pause', { kind: 'operation', operation: 'many.7' })
  const held = test.submit('many.7')
  expect(await test.submit('many.8')).toBe(8)
  expect(held.settled).toBe(false)
})
