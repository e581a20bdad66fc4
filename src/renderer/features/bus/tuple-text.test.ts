import { expect, it } from 'vitest'
import { dataOf, templateOf } from './tuple-text.ts'

it('what a person types finds a lane or is a template', () => {
  expect(templateOf('  ')).toEqual({})
  expect(templateOf('work')).toEqual({ lane: 'work' })
  expect(templateOf(' {"n": 7}')).toEqual({ n: 7 })
  expect(templateOf('{"n": ')).toBeNull()
})

it('a row shows what only this tuple carries', () => {
  expect(dataOf({ id: 'x', created_at: 'now', lane: 'work', yool: 'a', n: 1 })).toBe('{"n":1}')
})
