import { describe, expect, it } from 'vitest'
import { TestScheduler } from '../scheduler/scheduler.fixture.ts'
import { until } from '../scheduler/until.fixture.ts'
import { EngineLog } from './engine-log.ts'

function say(log: EngineLog, channel: Parameters<EngineLog['write']>[0], level: Parameters<EngineLog['write']>[1]) {
  let asked = 0
  log.write(channel, level, () => {
    asked += 1
    return `${channel} ${level}`
  })
  return asked
}

describe('a channel', () => {
  it('writes warnings and errors from the start, and nothing else', () => {
    const log = new EngineLog(() => 0)
    for (const level of ['debug', 'info', 'state', 'dispatch', 'warn', 'error'] as const) say(log, 'gate', level)
    expect(log.query({}, 10).lines.map((line) => line.level)).toEqual(['warn', 'error'])
  })

  it('formats nothing that is not written', () => {
    const log = new EngineLog(() => 0)
    expect([say(log, 'gate', 'info'), say(log, 'gate', 'warn')]).toEqual([0, 1])
    log.configure(undefined, { gate: 'on' })
    expect([say(log, 'gate', 'info'), say(log, 'gate', 'debug')]).toEqual([1, 0])
    log.configure(undefined, { gate: 'debug' })
    expect(say(log, 'gate', 'debug')).toBe(1)
    log.configure(undefined, { gate: 'muted' })
    expect(say(log, 'gate', 'error')).toBe(0)
  })

  it('is silent while the one switch for all is off, and remembers how it was set', () => {
    const log = new EngineLog(() => 0)
    log.configure(false, { pool: 'on' })
    expect(say(log, 'pool', 'error')).toBe(0)
    log.configure(true, {})
    expect(say(log, 'pool', 'info')).toBe(1)
  })
})

it('finds lines by channel, level, token, worker and text, and tells how many there were', () => {
  const log = new EngineLog(() => 5)
  for (let line = 0; line < 30; line++) {
    log.write(
      line % 2 === 0 ? 'guard' : 'operation',
      'warn',
      () => `line ${line}`,
      () => ({ token: `t${line % 3}`, core: line % 4, slot: 0 }),
    )
  }
  expect(log.query({ channels: ['guard'] }, 5)).toMatchObject({ matched: 15, kept: 30, gone: 0, newest: 30 })
  expect(log.query({ token: 't1', core: 1 }, 50).lines.every((line) => line.token === 't1' && line.core === 1)).toBe(
    true,
  )
  expect(log.query({ text: 'LINE 7' }, 50).lines.map((line) => line.id)).toEqual([8])
  expect(log.query({ after: 28 }, 50).lines.map((line) => line.id)).toEqual([29, 30])
})

it('keeps the newest lines within a bound', () => {
  const log = new EngineLog(() => 0)
  for (let line = 0; line < 10_100; line++) log.write('guard', 'warn', () => 'x'.repeat(3000))
  const { lines, kept, gone } = log.query({}, 1)
  expect({ kept, gone }).toEqual({ kept: 10_000, gone: 100 })
  expect(lines[0]?.text).toHaveLength(2001)
})

describe('the engine', () => {
  it('warns of a failed token, and tells no more of tokens until its channels are on', async () => {
    await using test = await TestScheduler.create()
    const { log } = test.scheduler
    const failing = test.submit('fail')
    await Promise.allSettled([failing])
    await test.submit('noop')
    const { lines } = log.query({}, 100)
    expect(lines).toMatchObject([{ channel: 'token', level: 'warn', token: test.idOf(failing), core: 1, slot: 0 }])
    log.configure(undefined, { token: 'on', pool: 'on', worker: 'on' })
    const told = test.submit('noop')
    await told
    expect(log.query({ token: test.idOf(told) }, 100).lines.map((line) => line.channel)).toEqual(
      expect.arrayContaining(['pool', 'token', 'worker']),
    )
  })

  it('takes what operations write, with their token and worker', async () => {
    await using test = await TestScheduler.create()
    const token = test.submit('log', 2)
    await token
    const written = () => test.scheduler.log.query({ channels: ['operation'] }, 10).lines
    // They come by another way than the end of the token.
    await until('both lines are there', () => written().length === 2)
    expect(written()[0]).toMatchObject({ token: test.idOf(token), operation: 'log', core: 1 })
  })
})
