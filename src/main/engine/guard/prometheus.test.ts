import { expect, it } from 'vitest'
import { TestScheduler } from '../scheduler/scheduler.fixture.ts'

/** Samples of the text format: name with labels to value. */
function samples(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ')
      return [line.slice(0, at), Number(line.slice(at + 1))]
    }),
  )
}

it('tells what ended where, under the names of the original, each core from 1', async () => {
  await using test = await TestScheduler.create({ cores: 2 })
  await Promise.allSettled([1, 2, 3].map((value) => test.submit('echo', value)))
  await Promise.allSettled([test.submit('fail'), test.submit('fail')])
  const { text } = await test.scheduler.guard.scrape()
  const found = samples(text)
  const sum = (start: string) =>
    [...found].filter(([name]) => name.startsWith(start)).reduce((total, [, value]) => total + value, 0)
  expect(found.get('threading_tasks_submitted_total{operation_type="echo"}')).toBe(3)
  expect(sum('threading_tasks_completed_total{operation_type="echo"')).toBe(3)
  expect(sum('threading_tasks_failed_total{operation_type="fail"')).toBe(2)
  expect(sum('threading_task_duration_seconds_count{operation_type="echo"')).toBe(3)
  expect(found.get('threading_worker_pattern{core_id="1"}')).toBe(1)
  expect(found.has('threading_worker_pattern{core_id="0"}')).toBe(false)
  expect(text).toContain('# TYPE threading_task_duration_seconds histogram')
  expect(found.get('guardhouse_tokens{state="COMPLETED"}')).toBe(3)
})

it('counts buckets up to and with each bound, the last one everything', async () => {
  await using test = await TestScheduler.create()
  await test.submit('echo', 1)
  const { guard } = test.scheduler
  for (const seconds of [0.0005, 0.03, 7, 100]) guard.house.metrics.ended(0, 1, false, 0, seconds)
  const found = samples((await guard.scrape()).text)
  const bucket = (le: string) =>
    found.get(`threading_task_duration_seconds_bucket{operation_type="noop",core_id="1",le="${le}"}`)
  expect([bucket('0.001'), bucket('0.01'), bucket('0.05'), bucket('5'), bucket('10'), bucket('+Inf')]).toEqual([
    1, 1, 2, 2, 3, 4,
  ])
})

it('can be scraped again and again without counting twice', async () => {
  await using test = await TestScheduler.create()
  await test.submit('echo', 1)
  const first = samples((await test.scheduler.guard.scrape()).text)
  const second = samples((await test.scheduler.guard.scrape()).text)
  const name = 'threading_tasks_submitted_total{operation_type="echo"}'
  expect([first.get(name), second.get(name)]).toEqual([1, 1])
})
