import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findJsonProblem, positionOf } from './json-problem.ts'

/** The text with a ^ before the place of the problem, and the message. */
function problem(text: string): readonly [string, string] | null {
  const found = findJsonProblem(text)
  return found === null ? null : [`${text.slice(0, found.offset)}^${text.slice(found.offset)}`, found.message]
}

describe('findJsonProblem', () => {
  it('finds nothing wrong with JSON', () => {
    fc.assert(fc.property(fc.json(), (text) => findJsonProblem(text) === null))
    expect(findJsonProblem(' [1.5e+3, -0, "\\u00e9\\n", {"a": []}] ')).toBeNull()
  })

  it('agrees with JSON.parse on every text', () => {
    const almost = fc.stringMatching(/^[[\]{}:,"\\ \n0-9a-eE+\-.truefalsn]*$/)
    fc.assert(
      fc.property(fc.oneof(almost, fc.string()), (text) => (findJsonProblem(text) === null) === isJson(text)),
      { numRuns: 3000 },
    )
  })

  it('points at the place and says what to write', () => {
    expect(problem('[1 2]')).toEqual(['[1 ^2]', 'A comma or "]" is missing before this.'])
    expect(problem('[1,]')).toEqual(['[1^,]', 'Take this comma away: nothing follows it before "]".'])
    expect(problem('{"a": 1')).toEqual(['^{"a": 1', 'This bracket is never closed: "}" is missing.'])
    expect(problem('{a: 1}')).toEqual(['{^a: 1}', 'The name of a field goes here, in double quotes.'])
    expect(problem('{"a" 1}')).toEqual(['{"a" ^1}', 'A colon is missing between the name and its value.'])
    expect(problem("'x'")).toEqual(["^'x'", 'Texts are written in double quotes.'])
    expect(problem('hello')).toEqual(['^hello', 'Texts are written in double quotes: "hello".'])
    expect(problem('["x')).toEqual(['[^"x', 'This text is never closed: " is missing.'])
    expect(problem('1 2')).toEqual(['1 ^2', 'The value ends before this; only one value fits here.'])
    expect(problem('')).toEqual(['^', 'A value is missing here.'])
    expect(problem('12n')).toEqual(['^12n', 'Write {"$type": "bigint", "value": "12"}.'])
    expect(problem('NaN')).toEqual(['^NaN', 'JSON has no NaN; write {"$type": "number", "value": "NaN"}.'])
    expect(problem('007')?.[1]).toContain('no leading zero')
    expect(problem('"\\x"')?.[0]).toBe('"^\\x"')
  })

  it('refuses what is nested too deeply instead of running out of stack', () => {
    expect(problem('['.repeat(100_000))?.[1]).toContain('nested deeper')
  })
})

describe('positionOf', () => {
  it('counts lines and columns from 1', () => {
    expect(positionOf('ab\ncd', 0)).toEqual({ line: 1, column: 1 })
    expect(positionOf('ab\ncd', 4)).toEqual({ line: 2, column: 2 })
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
