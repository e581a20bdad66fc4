import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatCpuList, maxCpus, parseCpuList } from './cpu-list.ts'

describe('a CPU list', () => {
  it.each([
    ['0\n', [0]],
    ['0-3,8,10-11\n', [0, 1, 2, 3, 8, 10, 11]],
    ['5,1-2,2', [1, 2, 5]],
    ['\n', []],
  ])('%j is read', (text, cpus) => {
    expect(parseCpuList(text)).toEqual(cpus)
  })

  it.each(['x', '3-1', '0-', '-2', '1,,2', '0x1', '0-99999999999'])('%j is refused', (text) => {
    expect(parseCpuList(text)).toBeNull()
  })

  it('is written so that it reads back as the same CPUs', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: maxCpus - 1 })), (cpus) => {
        expect(parseCpuList(formatCpuList(cpus))).toEqual([...new Set(cpus)].sort((a, b) => a - b))
      }),
    )
  })

  it('is written with the fewest parts', () => {
    expect(formatCpuList([3, 0, 1, 2, 7, 9, 8])).toBe('0-3,7-9')
  })
})
