import { describe, expect, it } from 'vitest'
import { RowCache } from './row-cache.ts'

interface Row {
  readonly id: string
  readonly state: string
}

const row = (id: string, state = 'WAITING'): Row => ({ id, state })
const rows = (...ids: string[]) => ids.map((id) => row(id))

function cacheOf(start: number, ...ids: string[]): RowCache<Row> {
  const cache = new RowCache<Row>((each) => each.id)
  cache.put(start, rows(...ids), 1)
  return cache
}

describe('RowCache', () => {
  it('keeps the object of a row that says the same, also at another place', () => {
    const cache = cacheOf(0, 'a', 'b', 'c')
    const before = cache.get(1)
    cache.put(0, [row('new'), row('a'), row('b'), row('c', 'KILLED')], 2)
    expect(cache.get(2)).toBe(before)
    expect(cache.get(3)).toEqual(row('c', 'KILLED'))
  })

  it('knows what is missing and what is out of date', () => {
    const cache = cacheOf(10, 'a', 'b', 'c')
    expect(cache.gap({ first: 10, last: 12 })).toBeNull()
    expect(cache.gap({ first: 8, last: 12 })).toEqual({ first: 8, last: 9 })
    expect(cache.gap({ first: 10, last: 20 })).toEqual({ first: 13, last: 20 })
    expect(cache.gap({ first: 10, last: 12 }, 2)).toEqual({ first: 10, last: 12 })
    expect(cache.gap({ first: 5, last: 4 })).toBeNull()
  })

  it('moves all rows, and forgets those that would come before the first', () => {
    const cache = cacheOf(0, 'a', 'b', 'c')
    cache.shift(-1)
    expect([cache.get(0)?.id, cache.get(1)?.id, cache.get(2)]).toEqual(['b', 'c', undefined])
    cache.shift(5)
    expect([...cache.indexById({ first: 0, last: 10 })]).toEqual([
      ['b', 5],
      ['c', 6],
    ])
  })

  it('forgets what is far away', () => {
    const cache = cacheOf(0, 'a', 'b', 'c')
    cache.keepOnly({ first: 1, last: 1 })
    expect(cache.size).toBe(1)
  })
})
