import { describe, expect, it } from 'vitest'
import type { HostEvent } from '../../shared/contract/system.ts'
import { TestScheduler } from '../engine/scheduler/scheduler.fixture.ts'
import { until } from '../engine/scheduler/until.fixture.ts'
import { WatchList } from './watch-list.ts'

type Told = Extract<HostEvent, { kind: 'watched' }>

function watching(test: TestScheduler, now = { value: 0 }) {
  const told: Told[] = []
  const watches = new WatchList({
    scheduler: test.scheduler,
    now: () => now.value,
    emit: (event) => told.push(event),
  })
  return { watches, told, now }
}

describe('watches', () => {
  it('tell once when a token ends, whatever way, and are gone then', async () => {
    await using test = await TestScheduler.create()
    const { watches, told } = watching(test)
    const token = test.submit('hold', 1)
    await test.arrival(1)
    watches.add({ kind: 'token', id: test.idOf(token) })
    expect(watches.list()).toEqual([{ kind: 'token', id: test.idOf(token) }])
    test.board.open(1)
    await token
    await until('it was told', () => told.length > 0)
    expect(told).toMatchObject([{ title: 'hold has completed', token: test.idOf(token) }])
    expect(watches.list()).toEqual([])
  })

  it('refuse what has ended already or never was', async () => {
    await using test = await TestScheduler.create()
    const { watches } = watching(test)
    const token = test.submit('noop')
    await token
    expect(() => watches.add({ kind: 'token', id: test.idOf(token) })).toThrow(/has completed already/)
    expect(() => watches.add({ kind: 'token', id: 'nobody_1_99' })).toThrow(/nobody_1_99/)
    expect(() => watches.add({ kind: 'operation', operation: 'nothing' })).toThrow(/there is no operation "nothing"/)
    expect(() => watches.add({ kind: 'idle' })).toThrow(/no token is left already/)
  })

  it('tell of failures of an operation, many of them at once', async () => {
    await using test = await TestScheduler.create()
    const { watches, told, now } = watching(test)
    watches.add({ kind: 'operation', operation: 'fail' })
    const fail = () => Promise.allSettled([test.submit('fail', 'no'), test.submit('noop')])
    await fail()
    await until('the first is told', () => told.length === 1)
    await fail()
    await fail()
    expect(told).toHaveLength(1)
    now.value = 11_000_000
    await fail()
    await until('the others are told', () => told.length === 2)
    expect(told.map(({ title, text }) => [title, text])).toEqual([
      ['fail has failed', 'no'],
      ['fail has failed (and 2 before it)', 'no'],
    ])
    watches.remove({ kind: 'operation', operation: 'fail' })
    expect(watches.list()).toEqual([])
  })

  it('tell when no token is left', async () => {
    await using test = await TestScheduler.create()
    const { watches, told } = watching(test)
    const held = test.submit('hold', 1)
    await test.arrival(1)
    watches.add({ kind: 'idle' })
    const later = test.submit('noop')
    test.board.open(1)
    await Promise.all([held, later])
    await until('it was told', () => told.length > 0)
    expect(told.map(({ title }) => title)).toEqual(['Every token has ended'])
    expect(watches.list()).toEqual([])
  })
})
