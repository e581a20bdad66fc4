import fc from 'fast-check'
import { expect, it } from 'vitest'
import { deepLink, parseDeepLink } from './deep-link.ts'

it('leads to the token or operation it names, whatever its name', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 100, unit: 'binary' }), (name) => {
      fc.pre(name.isWellFormed())
      expect(parseDeepLink(deepLink('token', name))).toEqual(['tokens', name])
      expect(parseDeepLink(deepLink('operation', name))).toEqual(['operations', name])
    }),
  )
})

it.each([
  'https://token/a',
  'guardhouse://kill/a',
  'guardhouse://token/',
  'guardhouse://token/%',
  'guardhouse:token/a',
  `guardhouse://token/${'a'.repeat(3000)}`,
])('passes over %s', (link) => {
  expect(parseDeepLink(link)).toBeNull()
})

it('takes the slash that some systems add', () => {
  expect(parseDeepLink('guardhouse://token/math.sum_1_2/')).toEqual(['tokens', 'math.sum_1_2'])
})
