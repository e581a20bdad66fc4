import { expect, it } from 'vitest'
import { EngineLog } from './engine-log.ts'
import { LimitedChannel } from './limited-channel.ts'

it('forms no text while its channel is off', () => {
  const log = new EngineLog(() => 0)
  const channel = new LimitedChannel(log, 'sticky', () => 0)
  const text = () => {
    throw new Error('nobody reads this')
  }
  expect(channel.chatty).toBe(false)
  channel.write('info', text, text)
  log.configure(undefined, { sticky: 'on' })
  expect(channel.chatty).toBe(true)
  channel.write('debug', text, text)
  log.configure(false, {})
  expect(channel.chatty).toBe(false)
  channel.write('info', text, text)
  expect(log.query({}, 10).kept).toBe(0)
})

it('writes so many lines a second, and tells with the next how many it left out', () => {
  let now = 0
  const log = new EngineLog(() => now)
  const channel = new LimitedChannel(log, 'storage', () => now)
  log.configure(undefined, { storage: 'on' })
  for (let line = 0; line < 1000; line++) channel.write('info', () => `line ${line}`)
  expect(log.query({}, 1000).matched).toBe(200)
  now = 1_000_001
  channel.write('info', () => 'later')
  expect(log.query({}, 2).lines.map(({ level, text }) => [level, text])).toEqual([
    ['warn', '800 lines were left out: no more than 200 a second'],
    ['info', 'later'],
  ])
})
