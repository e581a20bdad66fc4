import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PayloadReader, PayloadWriter } from './payload.ts'

const room = 1 << 16
// On shared memory, as in use: some decoders refuse it.
const bytes = new Uint8Array(new SharedArrayBuffer(room + 64))
const writer = new PayloadWriter()
const reader = new PayloadReader()

function roundTrip(value: unknown, offset = 0): unknown {
  const written = writer.write(bytes, offset, room, value)
  if (written < 0) throw new Error('the writer refused a value that it should take')
  return reader.read(bytes, offset)
}

/** Values that structured clone and the codec take alike. `__proto__` as a key is the port's affair. */
const plainValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(undefined, null, true, false, -0, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, -(2 ** 31)),
    fc.integer(),
    fc.double(),
    fc.bigInt(),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.date({ noInvalidDate: false }),
    fc.array(tie('value'), { maxLength: 8 }),
    fc.dictionary(
      fc.string({ maxLength: 30 }).filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 8, noNullPrototype: true },
    ),
  ),
})).value

describe('plain data', () => {
  it('arrives as structured clone would bring it', () => {
    fc.assert(
      fc.property(plainValue, fc.integer({ min: 0, max: 63 }), (value, offset) => {
        expect(roundTrip(value, offset)).toStrictEqual(structuredClone(value))
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['an empty string', ''],
    ['a string longer than the short form', 'x'.repeat(5000)],
    ['24 and 25 characters', ['x'.repeat(24), 'x'.repeat(25)]],
    ['a short string with one character beyond ASCII', 'naïve'],
    ['surrogate pairs', '𝄞 clef 😀'],
    ['a NUL and the last ASCII character', '\0\x7f\x80'],
    ['negative zero', -0],
    ['the smallest and largest int32', [-(2 ** 31), 2 ** 31 - 1]],
    ['numbers one beyond int32', [-(2 ** 31) - 1, 2 ** 31]],
    ['a bigint of 300 digits', 10n ** 300n],
    ['a negative bigint', -1n],
    ['an invalid date', new Date(Number.NaN)],
    ['keys that look like numbers', { 2: 'two', 1: 'one' }],
    ['a key of the prototype', { toString: 1, constructor: 2, hasOwnProperty: 3 }],
    ['an array in an array', [[[], [[]]]]],
  ])('keeps %s', (_what, value) => {
    expect(roundTrip(value)).toStrictEqual(value)
  })

  it('keeps the order of keys', () => {
    const value = { second: 2, first: 1, third: 3 }
    expect(Object.keys(roundTrip(value) as object)).toEqual(['second', 'first', 'third'])
  })

  it('arrives as two objects where one was referred to twice: identity is for the port', () => {
    const shared = { a: 1 }
    const [first, second] = roundTrip([shared, shared]) as object[]
    expect(first).toEqual(second)
    expect(first).not.toBe(second)
  })
})

class Point {
  readonly x = 1
}

const tooDeep = Array.from({ length: 40 }).reduce<unknown>((inner) => [inner], 1)
const cyclic: { self?: unknown } = {}
cyclic.self = cyclic
// biome-ignore lint/suspicious/noSparseArray: a hole is what is tested.
const sparse = [1, , 3]

describe('what is not plain data is refused', () => {
  it.each<[string, unknown]>([
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a map', new Map([[1, 2]])],
    ['a set', new Set([1])],
    ['a regular expression', /x/],
    ['an error', new Error('x')],
    ['an array buffer', new ArrayBuffer(8)],
    ['a typed array', new Uint8Array(8)],
    ['an instance of a class', new Point()],
    ['an object without a prototype', Object.create(null)],
    ['a subclass of Date', new (class extends Date {})()],
    ['an array with a hole', sparse],
    ['a key named __proto__', JSON.parse('{"__proto__": 1}')],
    ['a lone surrogate', '\ud800'],
    ['something too deep', tooDeep],
    ['a cycle', cyclic],
    ['a boxed number', Object(1)],
  ])('%s', (_what, value) => {
    expect(writer.write(bytes, 0, room, value)).toBe(-1)
    expect(writer.write(bytes, 0, room, [{ inside: value }])).toBe(-1)
  })
})

describe('room', () => {
  it('of exactly the bytes needed is enough, one less is not, and nothing outside is touched', () => {
    fc.assert(
      fc.property(plainValue, (value) => {
        const needed = writer.write(bytes, 0, room, value)
        const guarded = new Uint8Array(needed + 32).fill(0xaa)
        expect(writer.write(guarded, 16, needed, value)).toBe(needed)
        expect(guarded.subarray(0, 16).every((byte) => byte === 0xaa)).toBe(true)
        expect(guarded.subarray(16 + needed).every((byte) => byte === 0xaa)).toBe(true)
        expect(reader.read(guarded, 16)).toStrictEqual(structuredClone(value))
        for (const less of [1, 2, 5].filter((less) => less <= needed)) {
          guarded.fill(0xaa)
          expect(writer.write(guarded, 16, needed - less, value)).toBe(-1)
          expect(guarded.subarray(16 + needed - less).every((byte) => byte === 0xaa)).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('is not asked to hold a string of gigabytes', () => {
    expect(writer.write(bytes, 0, 4096, 'x'.repeat(2 ** 28))).toBe(-1)
  })
})
