import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parameterNames } from './parameter-names.ts'

describe('parameter names', () => {
  test.each([
    ['function () {}', []],
    ['function add(left, right) { return left + right }', ['left', 'right']],
    ['async function* walk(root, ...more) {}', ['root', '...more']],
    ['(a, b) => a', ['a', 'b']],
    ['async (a) => a', ['a']],
    ['value => (value)', ['value']],
    ['async größe => größe', ['größe']],
    ['() => (1, 2)', []],
    ['resize(width, height = 3) { }', ['width', 'height']],
    ['async *items(a) { }', ['a']],
    ['["quo(ted" + name()](a, b) { }', ['a', 'b']],
    ["'a(b'(c) { }", ['c']],
    ['function (a = f(1, [2, ")"]), b = { c: "," }, d = (x, y) => x) {}', ['a', 'b', 'd']],
    ['function ({ a, b: [c] }, [d, e] = [1, 2]) {}', ['{ a, b: [c] }', '[d, e]']],
    ['function (a /* , x) */, // b,\n c,) {}', ['a', 'c']],
    ['function (\n  a,\n\n  b\n) {}', ['a', 'b']],
    ['function (a = `,$' + '{`)`},`, b) {}', ['a', 'b']],
    ['(a         , b            ) => a', ['a', 'b']],
    ['function (a = "\\")", b) {}', ['a', 'b']],
    ['class Broken {}', []],
    ['function (unclosed', []],
    ['', []],
  ])('of %s are %j', (text, expected) => {
    expect(parameterNames(text)).toEqual(expected)
  })

  test('of any text at all are found or not, but the search ends', () => {
    const pieces = fc.constantFrom(
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      ',',
      '=',
      '"',
      '`',
      '$',
      '{',
      '/*',
      '*/',
      '//',
      '\\',
      'a',
      ' ',
      '\n',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (text) => {
        expect(Array.isArray(parameterNames(text.join('')))).toBe(true)
      }),
    )
  })

  test('of real functions are as written', () => {
    const target = {
      method(first: number, second = 2) {
        return first + second
      },
    }
    expect(parameterNames(String(target.method))).toEqual(['first', 'second'])
    expect(parameterNames(String(Math.max))).toEqual([])
  })
})
