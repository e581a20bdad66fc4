import { expect, it } from 'vitest'
import { describeVerdict, pinningVerdict } from './pinning.ts'

const worker = { state: 'running', asked: 3, confirmed: 3, lastCpu: 3 } as const

it('is proven only when asked, confirmed and last seen are the same', () => {
  expect(pinningVerdict(worker)).toBe('proven')
  expect(pinningVerdict({ ...worker, lastCpu: -1 })).toBe('bound')
  expect(pinningVerdict({ ...worker, lastCpu: 5 })).toBe('drifted')
  expect(pinningVerdict({ ...worker, confirmed: 5, lastCpu: 5 })).toBe('unbound')
  expect(pinningVerdict({ ...worker, confirmed: -2 })).toBe('unbound')
  expect(pinningVerdict({ ...worker, confirmed: -1 })).toBe('unknown')
  expect(pinningVerdict({ ...worker, state: 'replacing' })).toBe('absent')
})

it('says each verdict in words', () => {
  const drifted = { ...worker, lastCpu: 5 }
  expect(describeVerdict(pinningVerdict(drifted), drifted)).toBe('Bound to CPU 3, but last seen on CPU 5.')
})
