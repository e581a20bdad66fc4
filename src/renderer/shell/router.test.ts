import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatRoute, parseRoute } from './router.ts'

it('reads back every place that it writes', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 })), (path) => {
      // A lone surrogate has no UTF-8 form, so no address can hold it.
      fc.pre(path.every((part) => part.isWellFormed()))
      expect(parseRoute(formatRoute(path)).path).toEqual(path)
    }),
  )
})

it('takes what is no route for the start', () => {
  expect(['', '#', '#secret=abc', '#/', '#/%E0%A4%A'].map((hash) => parseRoute(hash).path)).toEqual([
    [],
    [],
    [],
    [],
    [],
  ])
})
