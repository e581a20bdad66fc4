import { expect, test } from 'vitest'
import { nearestName } from './nearest-name.ts'

const names = ['system.info', 'system.stats', 'tokens.get', 'tokens.submit', 'tokens.submitMany']

test.each([
  ['system.inof', 'system.info'],
  ['System.Info', 'system.info'],
  ['token.submit', 'tokens.submit'],
  ['tokens.submitmany', 'tokens.submitMany'],
  ['systm.stat', 'system.stats'],
  ['tokens.submit_many', 'tokens.submitMany'],
])('%s was probably meant as %s', (typed, meant) => {
  expect(nearestName(typed, names)).toBe(meant)
})

test.each(['', 'x', 'kill everything', 'x'.repeat(200)])('%j is near nothing', (typed) => {
  expect(nearestName(typed, names)).toBeNull()
})
