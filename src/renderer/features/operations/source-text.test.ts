import { describe, expect, it } from 'vitest'
import { positionText, readModuleError } from './source-text.ts'

describe('readModuleError', () => {
  it('takes place, message and code apart', () => {
    expect(readModuleError('a b/x.ops.ts:14:3: Expected ")"\n  foo(\n     ^')).toEqual({
      place: 'a b/x.ops.ts:14:3',
      message: 'Expected ")"',
      code: '  foo(\n     ^',
    })
  })

  it('leaves a message of another form as it is', () => {
    expect(readModuleError("Cannot find package 'x'")).toEqual({
      place: null,
      message: "Cannot find package 'x'",
      code: null,
    })
  })
})

describe('positionText', () => {
  const position = { file: '/w/cpu.ops.ts', line: 12, column: 3 }

  it('is short in the table and whole in the clipboard', () => {
    expect(positionText({ module: 'cpu.ops.ts', position })).toBe('cpu.ops.ts:12')
    expect(positionText({ module: 'cpu.ops.ts', position }, true)).toBe('/w/cpu.ops.ts:12:3')
    expect(positionText({ module: 'cpu.ops.ts', position: null })).toBe('cpu.ops.ts')
    expect(positionText({ module: null, position: null })).toBe('')
  })
})
