import { expect, test } from 'vitest'
import { StopSignals } from './stop-signals.ts'

test('the first signal asks, the second one ends at once', async () => {
  const codes: number[] = []
  using signals = new StopSignals((code) => void codes.push(code))
  process.emit('SIGTERM', 'SIGTERM')
  expect(await signals.asked).toBe('SIGTERM')
  expect(codes).toEqual([])
  process.emit('SIGINT', 'SIGINT')
  expect(codes).toEqual([130])
})

test('afterwards signals mean what they usually do', () => {
  const before = process.listenerCount('SIGINT')
  {
    using _signals = new StopSignals()
    expect(process.listenerCount('SIGINT')).toBe(before + 1)
  }
  expect(process.listenerCount('SIGINT')).toBe(before)
})
