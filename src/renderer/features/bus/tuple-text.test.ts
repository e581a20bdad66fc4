import { expect, it } from 'vitest'
import { dataOf, shortTuple, templateOf } from './tuple-text.ts'

it('what a person types finds a lane or is a template', () => {
  expect(templateOf('  ')).toEqual({})
  expect(templateOf('work')).toEqual({ lane: 'work' })
  expect(templateOf(' {"n": 7}')).toEqual({ n: 7 })
  expect(templateOf('{"n": ')).toBeNull()
})

it('a row shows the short id and what only this tuple carries', () => {
  expect(shortTuple(`sha256:${'ab'.repeat(32)}`)).toBe('abababababab…')
  expect(shortTuple('order 7')).toBe('order 7')
  expect(shortTuple('agent:b8eae0e4-2/0/11/17')).toBe('agent:b…e4-2/0/11/17')
  expect(dataOf({ id: 'x', created_at: 'now', lane: 'work', yool: 'a', n: 1 })).toBe('{"n":1}')
})
