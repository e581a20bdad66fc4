import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashPolicies } from '../../../../shared/model/tags.ts'
import { stickyKey } from './fingerprint.ts'

const rich = ['FAST', 'STANDARD', 'FULL'] as const
const standard = (...values: unknown[]) => stickyKey('a', values, 'STANDARD')

describe('a sticky key', () => {
  it('is the anchor alone with the policy NONE', () => {
    expect(stickyKey('user', [1, { a: 2 }], 'NONE')).toBe('user')
  })

  it.each(rich)('tells arguments apart with the policy %s', (policy) => {
    const keys = [[1], [2], ['1'], [1n], [true], [null], [undefined], [[]], [{}], [[1]], [{ a: 1 }], [-0], [0], [1, 1]]
    expect(new Set(keys.map((values) => stickyKey('user', values, policy))).size).toBe(keys.length)
  })

  it('is the same for the same data in another order of keys', () => {
    expect(standard({ a: 1, b: [2, { d: 4, c: 3 }] })).toBe(standard({ b: [2, { c: 3, d: 4 }], a: 1 }))
    const map = (...keys: string[]) => new Map(keys.map((key) => [key, key.length]))
    expect(standard(map('x', 'yy'))).toBe(standard(map('yy', 'x')))
    expect(standard(new Set([1, 2, 3]))).toBe(standard(new Set([3, 1, 2])))
  })

  it('is the same for any data that structured clone has copied', () => {
    fc.assert(
      fc.property(
        fc.anything({ withDate: true, withMap: true, withSet: true, withBigInt: true, withTypedArray: true }),
        (value) => {
          for (const policy of hashPolicies)
            expect(stickyKey('a', [structuredClone(value)], policy)).toBe(stickyKey('a', [value], policy))
        },
      ),
    )
  })

  it('handles cycles, and tells them by how far they go back', () => {
    const one: Record<string, unknown> = {}
    one.self = one
    const two: Record<string, unknown> = { self: {} }
    ;(two.self as Record<string, unknown>).self = two
    expect(standard(one)).toBe(standard(structuredClone(one)))
    expect(standard(one)).not.toBe(standard(two))
  })

  it('takes the contents of buffers only with the policy FULL', () => {
    const [left, right] = [Uint8Array.of(1, 2), Uint8Array.of(3, 4)]
    expect(standard(left)).toBe(standard(right))
    expect(stickyKey('a', [left], 'FULL')).not.toBe(stickyKey('a', [right], 'FULL'))
    expect(standard(left)).not.toBe(standard(Uint8Array.of(1)))
  })

  it('takes dates, patterns and addresses by value, instances and functions by identity', () => {
    class Thing {}
    const thing = new Thing()
    expect(standard(new Date(5))).toBe(standard(new Date(5)))
    expect(standard(/a/g)).not.toBe(standard(/a/i))
    expect(standard(new URL('http://a.example'))).toBe(standard(new URL('http://a.example/')))
    expect(standard(thing)).toBe(standard(thing))
    expect(standard(thing)).not.toBe(standard(new Thing()))
    expect(standard(expect)).toBe(standard(expect))
  })

  it('is short, and looks at no more than its bound', () => {
    const huge = Array.from({ length: 2_000_000 }, (_, index) => index)
    const deep = Array.from({ length: 5_000 }).reduce<unknown>((inner) => [inner], 1)
    const long = 'x'.repeat(5_000_000)
    for (const policy of rich) {
      for (const value of [huge, deep, long, [huge, huge], { huge, long }]) {
        expect(stickyKey('a', [value], policy).length).toBeLessThan(300)
      }
    }
    expect(standard(huge)).not.toBe(standard(huge.slice(1)))
  })

  it('never throws, whatever a getter or a proxy does', () => {
    const trap = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('trap')
        },
      },
    )
    const getter = {
      get a(): number {
        throw new Error('getter')
      },
    }
    expect(standard(trap)).toBe(standard(getter))
  })
})
