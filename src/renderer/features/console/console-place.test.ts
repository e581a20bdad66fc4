import { expect, it } from 'vitest'
import { parseConsolePlace } from './console-place.ts'

it('leads to the lines of a token or an operation, and to all of them otherwise', () => {
  expect(parseConsolePlace(['token', 'a/b_1_2'])).toEqual({ token: 'a/b_1_2' })
  expect(parseConsolePlace(['operation', 'resize'])).toEqual({ operation: 'resize' })
  for (const path of [[], ['token'], ['nothing', 'x']]) expect(parseConsolePlace(path)).toEqual({})
})
