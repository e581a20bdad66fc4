import { describe, expect, it } from 'vitest'
import { describeProblem, joinArguments, readArgument, readArgumentList } from './launch-arguments.ts'

describe('readArgument', () => {
  it('reads JSON and the types that JSON lacks', () => {
    expect(readArgument(' {"a": 1} ')).toEqual({ value: { a: 1 } })
    expect(readArgument('{"$type": "bigint", "value": "12"}')).toEqual({ value: { $type: 'bigint', value: '12' } })
  })

  it('takes nothing typed for an argument not given', () => {
    expect(readArgument('  ')).toEqual({ value: { $type: 'undefined' } })
  })

  it('points at a type that does not exist', () => {
    const read = readArgument('[1, {"$type": "bigit", "value": "12"}]')
    expect(read).toMatchObject({ problem: { offset: 5 } })
    expect('problem' in read && read.problem.message).toContain('$type "bigit"')
  })
})

describe('readArgumentList', () => {
  it('reads a list', () => {
    expect(readArgumentList('[1, "b"]')).toEqual({ value: [1, 'b'] })
    expect(readArgumentList('')).toEqual({ value: [] })
  })

  it('refuses what is no list, or too long a one', () => {
    expect(readArgumentList(' {"a": 1}')).toMatchObject({ problem: { offset: 1 } })
    expect(readArgumentList(JSON.stringify(Array(65).fill(0)))).toMatchObject({
      problem: { message: 'A call has at most 64 arguments, this has 65.' },
    })
  })
})

describe('joinArguments', () => {
  it('leaves out what is not given at the end, and keeps the places of the others', () => {
    const notGiven = { $type: 'undefined' }
    expect(joinArguments([1, notGiven, 2, notGiven, notGiven])).toEqual([1, notGiven, 2])
    expect(joinArguments([notGiven])).toEqual([])
  })
})

describe('describeProblem', () => {
  it('says the line only where there are several', () => {
    expect(describeProblem('[1 2]', { message: 'Wrong.', offset: 3 })).toEqual({
      message: 'Column 4: Wrong.',
      line: '[1 2]',
      column: 4,
    })
    expect(describeProblem('[1,\n 2 3]', { message: 'Wrong.', offset: 7 })).toEqual({
      message: 'Line 2, column 4: Wrong.',
      line: ' 2 3]',
      column: 4,
    })
  })
})
