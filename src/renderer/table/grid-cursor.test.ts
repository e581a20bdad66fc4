import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { moveCursor } from './grid-cursor.ts'

const size = { rows: 100, columns: 5, pageRows: 10 }
const plain = (key: string) => ({ key, ctrlKey: false, metaKey: false })
const control = (key: string) => ({ key, ctrlKey: true, metaKey: false })

describe('moveCursor', () => {
  it('moves by cells, by pages and to the ends', () => {
    const at = { row: 50, column: 2 }
    expect(moveCursor(at, plain('ArrowDown'), size)).toEqual({ row: 51, column: 2 })
    expect(moveCursor(at, plain('ArrowLeft'), size)).toEqual({ row: 50, column: 1 })
    expect(moveCursor(at, plain('PageDown'), size)).toEqual({ row: 59, column: 2 })
    expect(moveCursor(at, plain('PageUp'), size)).toEqual({ row: 41, column: 2 })
    expect(moveCursor(at, plain('Home'), size)).toEqual({ row: 0, column: 2 })
    expect(moveCursor(at, plain('End'), size)).toEqual({ row: 99, column: 2 })
    expect(moveCursor(at, control('End'), size)).toEqual({ row: 99, column: 4 })
    expect(moveCursor(at, control('ArrowLeft'), size)).toEqual({ row: 50, column: 0 })
  })

  it('moves with no other key, and not in an empty grid', () => {
    expect(moveCursor({ row: 0, column: 0 }, plain('x'), size)).toBeNull()
    expect(moveCursor({ row: 0, column: 0 }, plain('Home'), { ...size, rows: 0 })).toBeNull()
  })

  it('never leaves the grid', () => {
    const keys = fc.constantFrom('ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight', 'PageDown', 'PageUp', 'Home', 'End')
    fc.assert(
      fc.property(
        fc.nat(200),
        fc.nat(10),
        keys,
        fc.boolean(),
        fc.integer({ min: 1, max: 60 }),
        (row, column, key, ctrlKey, pageRows) => {
          const moved = moveCursor({ row, column }, { key, ctrlKey, metaKey: false }, { ...size, pageRows })
          // Control and a page key belong to the browser's tabs.
          if (moved === null) return ctrlKey && key.startsWith('Page')
          return moved.row >= 0 && moved.row < 100 && moved.column >= 0 && moved.column < 5
        },
      ),
    )
  })
})
