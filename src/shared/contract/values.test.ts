import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GuardhouseError } from '../errors.ts'
import { decodeValue, encodeValue } from './values.ts'

function kindOf(run: () => unknown): string {
  try {
    run()
    return 'no error'
  } catch (error) {
    return error instanceof GuardhouseError ? error.kind : String(error)
  }
}

describe('values on the wire', () => {
  test('come back as they were, through JSON', () => {
    const value = fc.anything({
      withBigInt: true,
      withMap: true,
      withSet: true,
      withDate: true,
      withTypedArray: true,
      withNullPrototype: false,
    })
    fc.assert(
      fc.property(value, (original) => {
        expect(decodeValue(JSON.parse(JSON.stringify(encodeValue(original))))).toEqual(original)
      }),
    )
  })

  test('keep what JSON would lose or change', () => {
    for (const value of [
      undefined,
      Number.NaN,
      -0,
      Number.POSITIVE_INFINITY,
      12n,
      { $type: 'mine' },
      new Date(5),
      new ArrayBuffer(3),
    ]) {
      expect(decodeValue(JSON.parse(JSON.stringify(encodeValue(value))))).toEqual(value)
    }
  })

  test('turn a hole in a list into a value that is not there', () => {
    const back = decodeValue(JSON.parse(JSON.stringify(encodeValue([1, new Array(2)]))))
    expect(back).toEqual([1, [undefined, undefined]])
    expect(Object.keys((back as unknown[])[1] as object)).toEqual(['0', '1'])
  })

  test('keep a key named __proto__ as data', () => {
    const value = JSON.parse('{"__proto__": {"polluted": true}}')
    const back = decodeValue(encodeValue(value)) as object
    expect(Object.hasOwn(back, '__proto__')).toBe(true)
    expect('polluted' in back).toBe(false)
  })

  test('that cannot leave their program are refused with their path', () => {
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    for (const value of [
      () => 1,
      Symbol('s'),
      cycle,
      /x/,
      new SharedArrayBuffer(1),
      Promise.resolve(),
      new WeakMap(),
    ]) {
      expect(kindOf(() => encodeValue({ inside: [value] }))).toBe('not-cloneable')
    }
    expect(() => encodeValue({ inside: [() => 1] })).toThrow('value.inside.0')
  })

  test('that are malformed are refused, whatever is wrong with them', () => {
    const malformed = [
      { $type: 'bytes', value: '%%%', of: 'Uint8Array' },
      { $type: 'bytes', value: 'AAAA', of: 'Float64Array' },
      { $type: 'bytes', value: 'AAAA', of: '__proto__' },
      { $type: 'map', value: [null] },
      { $type: 'bigint', value: '1.5' },
      { $type: 'nothing known' },
      new Map(),
    ]
    for (const value of malformed) expect(kindOf(() => decodeValue(value))).toBe('bad-request')
  })
})
