import { expect, it } from 'vitest'
import { readArguments } from './schedule-arguments.ts'

it('reads an array, and nothing as no arguments', () => {
  expect(readArguments('[1, "two"]')).toEqual({ values: [1, 'two'], problem: null })
  expect(readArguments('  ')).toEqual({ values: [], problem: null })
})

it('says what is wrong with anything else', () => {
  expect(readArguments('7').problem).toContain('array')
  expect(readArguments('[1,').problem).toContain('no JSON')
})
