import { expect, it } from 'vitest'
import { TestScheduler } from './scheduler.fixture.ts'

const actor = { actor: 'a test', reason: 'too many' }
const operation = { kind: 'operation', operation: 'count' } as const
/** So many that one turn does not do. */
const many = 3000

it('answers others while very many tokens are killed, and lets none of them begin meanwhile', async () => {
  await using test = await TestScheduler.create()
  test.command('pause', { kind: 'all' })
  const doomed = Array.from({ length: many }, () => test.submit('count', 0))
  const spared = test.submit('echo', 'spared')
  test.command('resume', { kind: 'all' })

  const killing = test.scheduler.runCommandInTurns('kill', operation, actor)
  await new Promise((resolve) => setImmediate(resolve))
  expect(doomed.at(-1)?.settled).toBe(false)
  await expect(killing).resolves.toEqual({ affected: many, alreadyEnded: 0, untouched: 0 })

  expect(test.board.runs(0)).toBe(0)
  expect(test.stats.totals.KILLED).toBe(many)
  await expect(spared.outcome).resolves.toBe('spared')
})

it('counts what others ended between two turns of a command as ended, and opens the gate afterwards', async () => {
  await using test = await TestScheduler.create()
  test.command('pause', { kind: 'all' })
  const doomed = Array.from({ length: many }, () => test.submit('count', 0))
  const last = doomed.slice(-10)

  const killing = test.scheduler.runCommandInTurns('drain', operation, actor)
  expect(test.commandOn('kill', ...last)).toMatchObject({ affected: last.length })
  await expect(killing).resolves.toEqual({ affected: many - last.length, alreadyEnded: last.length, untouched: 0 })

  const next = test.submit('echo', 1)
  test.command('resume', { kind: 'all' })
  await expect(next.outcome).resolves.toBe(1)
})

it('answers others while a stop ends very many tokens, and refuses new ones from its first moment', async () => {
  const test = await TestScheduler.create()
  test.command('pause', { kind: 'all' })
  const doomed = Array.from({ length: many }, () => test.submit('count', 0))

  const stopping = test.scheduler.stop({ mode: 'abort' })
  await new Promise((resolve) => setImmediate(resolve))
  expect(doomed[0]?.settled).toBe(true)
  expect(doomed.at(-1)?.settled).toBe(false)
  expect(() => test.submit('noop')).toThrow(expect.objectContaining({ kind: 'stopped' }))
  await expect(stopping).resolves.toEqual({ completed: 0, killed: many })
  expect(doomed.every((token) => token.settled)).toBe(true)
  expect(test.board.runs(0)).toBe(0)
})
