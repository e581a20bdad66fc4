import { expect, it } from 'vitest'
import { parseConsolePlace, workerLinesPath } from './console-place.ts'

it('leads to the lines of a token, an operation, a core or a worker, and to all of them otherwise', () => {
  expect(parseConsolePlace(['token', 'a/b_1_2'])).toEqual({ token: 'a/b_1_2' })
  expect(parseConsolePlace(['operation', 'resize'])).toEqual({ operation: 'resize' })
  for (const path of [[], ['token'], ['nothing', 'x'], ['core', 'x'], ['core', '0']]) {
    expect(parseConsolePlace(path)).toEqual({})
  }
})

it('reads back the route to a core and to a worker', () => {
  expect(parseConsolePlace(workerLinesPath(2, null).slice(1))).toEqual({ core: 2 })
  expect(parseConsolePlace(workerLinesPath(2, 0).slice(1))).toEqual({ core: 2, slot: 0 })
  expect(parseConsolePlace(workerLinesPath(null, null).slice(1))).toEqual({})
})
