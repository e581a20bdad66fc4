import { describe, expect, it } from 'vitest'
import {
  type Column,
  columnFlex,
  columnWidth,
  parseLayout,
  resetColumnWidth,
  resizeColumn,
  toggleColumn,
  totalWidth,
  untouchedLayout,
  visibleColumns,
} from './column.ts'

interface Row {
  readonly name: string
}

const name: Column<Row> = {
  id: 'name',
  title: 'Name',
  width: 100,
  minWidth: 80,
  growth: 4,
  fixed: true,
  text: (row) => row.name,
}
const size: Column<Row> = { id: 'size', title: 'Size', width: 60, text: () => '' }
const rare: Column<Row> = { id: 'rare', title: 'Rare', width: 70, optional: true, text: () => '' }
const columns = [name, size, rare]

describe('columns', () => {
  it('are shown as they say until a person chooses otherwise', () => {
    expect(visibleColumns(columns, untouchedLayout)).toEqual([name, size])
    const chosen = toggleColumn(toggleColumn(untouchedLayout, size), rare)
    expect(visibleColumns(columns, chosen)).toEqual([name, rare])
    expect(visibleColumns(columns, toggleColumn(chosen, size))).toEqual([name, size, rare])
  })

  it('never lose the column that names the row', () => {
    expect(visibleColumns(columns, { widths: {}, shown: { name: false } })).toContain(name)
  })

  it('keep a width between the least of the column and what fits a screen', () => {
    expect(columnWidth(name, resizeColumn(untouchedLayout, name, 20))).toBe(80)
    expect(columnWidth(size, resizeColumn(untouchedLayout, size, -5))).toBe(48)
    expect(columnWidth(size, resizeColumn(untouchedLayout, size, 99_999))).toBe(1200)
    const sized = resizeColumn(untouchedLayout, size, 123.4)
    expect(columnWidth(size, sized)).toBe(123)
    expect(resetColumnWidth(sized, size)).toEqual(untouchedLayout)
  })

  it('share the room that is left, but for those a person sized', () => {
    expect(columns.map((column) => columnFlex(column, untouchedLayout))).toEqual([
      '400 0 100px',
      '60 0 60px',
      '70 0 70px',
    ])
    const sized = resizeColumn(untouchedLayout, name, 250)
    expect([columnFlex(name, sized), columnFlex(size, sized)]).toEqual(['0 0 250px', '60 0 60px'])
    expect(totalWidth([name, size], sized)).toBe(310)
  })

  it('are as they say when what was stored cannot be read', () => {
    expect(parseLayout(null)).toBe(untouchedLayout)
    expect(parseLayout('{')).toBe(untouchedLayout)
    expect(parseLayout('{"widths":{"a":"wide"},"shown":{}}')).toBe(untouchedLayout)
    expect(parseLayout('{"widths":{"a":100},"shown":{"b":false}}')).toEqual({ widths: { a: 100 }, shown: { b: false } })
  })
})
