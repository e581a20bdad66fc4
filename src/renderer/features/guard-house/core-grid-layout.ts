import type { PackageGroup } from './core-groups.ts'

/** Upper left corner of a cell, in CSS pixels. */
export interface CellPlace {
  readonly x: number
  readonly y: number
}

export interface GridLayout {
  readonly width: number
  readonly height: number
  /** One per core of the package, in its order. */
  readonly cells: readonly CellPlace[]
}

export interface GridMeasures {
  readonly cellsPerRow: number
  /** From one cell to the next, in CSS pixels. */
  readonly pitch: number
}

/** Space between the cells of two shared caches in one row. */
const cacheGap = 10
const cellsAcrossScreen = 36
const fewestPerRow = 8

/** So many cells in a row that the packages fit beside each other: 32 for one, 16 for two, 8 from three on. */
export function measureGrid(packages: number, wide: boolean): GridMeasures {
  const fitting = 2 ** Math.floor(Math.log2(cellsAcrossScreen / Math.max(1, packages)))
  return { cellsPerRow: Math.max(fewestPerRow, fitting), pitch: wide ? 40 : 28 }
}

/** Rows of cells; where another shared cache begins within a row there is a gap. */
export function layOutCells(
  group: Pick<PackageGroup, 'first' | 'length' | 'caches'>,
  { cellsPerRow, pitch }: GridMeasures,
): GridLayout {
  const starts = new Set(group.caches.map((run) => run.first))
  const cells: CellPlace[] = []
  let x = 0
  let width = 0
  for (let index = 0; index < group.length; index += 1) {
    if (index % cellsPerRow === 0) x = 0
    else if (starts.has(group.first + index)) x += cacheGap
    cells.push({ x, y: Math.floor(index / cellsPerRow) * pitch })
    x += pitch
    width = Math.max(width, x)
  }
  return { width, height: Math.ceil(group.length / cellsPerRow) * pitch, cells }
}
