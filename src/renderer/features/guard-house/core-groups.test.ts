import { describe, expect, it } from 'vitest'
import type { SystemInfo } from '../../../shared/contract/system.ts'
import { layOutCells, measureGrid } from './core-grid-layout.ts'
import { groupCores } from './core-groups.ts'
import { bracketsAt } from './lane-brackets.ts'

type Topology = SystemInfo['topology']

/** Two SMT siblings per physical core, `perCache` cores under one L3. */
function machine(cores: number, packages: number, perCache: number): Topology {
  const numbers = Array.from({ length: cores }, (_, index) => index)
  return {
    cores: numbers.map((index) => ({
      core: index + 1,
      cpu: index,
      package: Math.floor((index * packages) / cores),
      physicalCore: Math.floor(index / 2),
      siblings: [index ^ 1],
      kind: 'unknown',
    })),
    packages,
    physicalCores: cores / 2,
    logicalCpus: cores,
    sharedCaches: [
      ...numbers.filter((index) => index % 2 === 0).map((cpu) => ({ level: 2, sizeKiB: 1024, cpus: [cpu, cpu + 1] })),
      ...numbers
        .filter((index) => index % perCache === 0)
        .map((first) => ({ level: 3, sizeKiB: 32_768, cpus: numbers.slice(first, first + perCache) })),
    ],
    quotaCores: null,
    usableCores: cores,
    model: 'made up',
    notes: [],
  }
}

describe('groupCores', () => {
  it('groups by package, then shared cache, then physical core', () => {
    const groups = groupCores(machine(8, 2, 4))
    expect(groups.map(({ package: number, first, length }) => ({ number, first, length }))).toEqual([
      { number: 0, first: 0, length: 4 },
      { number: 1, first: 4, length: 4 },
    ])
    expect(groups[1]?.caches).toEqual([{ first: 4, length: 4, label: 'L3 32.0 MiB' }])
    expect(groups[1]?.siblings).toEqual([
      { first: 4, length: 2 },
      { first: 6, length: 2 },
    ])
  })

  it('has no brackets on a machine of one core', () => {
    const one = machine(2, 1, 2)
    const groups = groupCores({ ...one, cores: one.cores.slice(0, 1) })
    expect(groups).toEqual([{ first: 0, length: 1, package: 0, siblings: [], caches: [] }])
  })

  it('does not take the cache of two siblings for one that cores share', () => {
    const groups = groupCores({
      ...machine(4, 1, 4),
      sharedCaches: machine(4, 1, 4).sharedCaches.filter(({ level }) => level === 2),
    })
    expect(groups[0]?.caches).toEqual([])
  })
})

describe('bracketsAt', () => {
  it('draws a bracket once, over the rows of all its cores', () => {
    const [group] = groupCores(machine(4, 1, 4))
    const rows = [2, 3, 1, 2]
    const brackets = group === undefined ? [] : rows.map((_, index) => bracketsAt(group, index, rows))
    expect(brackets.map(({ cache }) => cache)).toEqual([{ rows: 8, label: 'L3 32.0 MiB' }, null, null, null])
    expect(brackets.map(({ siblings }) => siblings)).toEqual([
      { rows: 5, label: null },
      null,
      { rows: 3, label: null },
      null,
    ])
  })
})

describe('the grid', () => {
  it('lays packages beside each other', () => {
    expect([1, 2, 3, 4, 8].map((packages) => measureGrid(packages, false).cellsPerRow)).toEqual([32, 16, 8, 8, 8])
  })

  it('leaves a gap where another cache begins within a row', () => {
    const group = {
      first: 8,
      length: 4,
      caches: [
        { first: 8, length: 2, label: '' },
        { first: 10, length: 2, label: '' },
      ],
    }
    const { cells, width, height } = layOutCells(group, { cellsPerRow: 4, pitch: 10 })
    expect(cells.map(({ x }) => x)).toEqual([0, 10, 30, 40])
    expect({ width, height }).toEqual({ width: 50, height: 10 })
  })
})
