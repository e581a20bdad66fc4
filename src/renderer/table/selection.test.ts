import { describe, expect, it } from 'vitest'
import { addRows, renewRows, selectionMax, toggleRow } from './selection.ts'

interface Row {
  readonly id: string
  readonly state: string
}

const idOf = (row: Row) => row.id
const row = (id: string, state = 'WAITING'): Row => ({ id, state })

describe('a selection', () => {
  it('takes a row in and out without changing the selection before', () => {
    const none: ReadonlyMap<string, Row> = new Map()
    const one = toggleRow(none, 'a', row('a'))
    expect([...one.keys()]).toEqual(['a'])
    expect(none.size).toBe(0)
    expect(toggleRow(one, 'a', row('a')).size).toBe(0)
  })

  it('takes ranges in, once each', () => {
    const some = addRows(new Map(), [row('a'), row('b')], idOf)
    expect([...addRows(some, [row('b'), row('c')], idOf).keys()]).toEqual(['a', 'b', 'c'])
  })

  it('holds no more than one command may touch', () => {
    const many = Array.from({ length: selectionMax + 5 }, (_, index) => row(String(index)))
    expect(addRows(new Map(), many, idOf).size).toBe(selectionMax)
  })

  it('takes over newer rows of those it has, and is the same when there are none', () => {
    const old = row('a')
    const selection = addRows(new Map(), [old, row('b')], idOf)
    expect(renewRows(selection, [old, row('z')], idOf)).toBe(selection)
    const renewed = renewRows(selection, [row('a', 'KILLED')], idOf)
    expect(renewed.get('a')?.state).toBe('KILLED')
    expect(renewed.size).toBe(2)
  })
})
