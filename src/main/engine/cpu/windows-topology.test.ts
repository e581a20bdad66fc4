import { describe, expect, it } from 'vitest'
import { cacheRecord, concatenate, madeUpKernel32, processorRecord } from './made-up-kernels.fixture.ts'
import { plainSource } from './made-up-machine.fixture.ts'
import { readTopology } from './topology.ts'

/** Two performance cores with two threads each, and two efficiency cores, in one package. */
const hybridRecords = [
  processorRecord(0, [{ group: 0, mask: 0b000011n }], 1),
  processorRecord(0, [{ group: 0, mask: 0b001100n }], 1),
  processorRecord(0, [{ group: 0, mask: 0b010000n }], 0),
  processorRecord(0, [{ group: 0, mask: 0b100000n }], 0),
  cacheRecord({ level: 1, size: 32 * 1024, type: 1 }, [{ group: 0, mask: 0b000011n }]),
  cacheRecord({ level: 1, size: 48 * 1024, type: 2 }, [{ group: 0, mask: 0b010000n }]),
  cacheRecord({ level: 2, size: 2048 * 1024, type: 0, countGroups: false }, [{ group: 0, mask: 0b110000n }]),
  cacheRecord({ level: 3, size: 24 * 1024 * 1024, type: 0 }, [{ group: 0, mask: 0b111111n }]),
  processorRecord(3, [{ group: 0, mask: 0b111111n }]),
]

function readWindows(windows: Parameters<typeof madeUpKernel32>[0]): ReturnType<typeof readTopology> {
  const count = windows.groups.reduce((sum, size) => sum + size, 0)
  return readTopology(plainSource('win32', count, () => madeUpKernel32(windows)))
}

describe('topology of a made-up Windows machine', () => {
  it('knows siblings, kinds and caches', () => {
    const topology = readWindows({ groups: [6], records: concatenate(hybridRecords) })
    expect(topology).toMatchObject({
      packages: 1,
      physicalCores: 4,
      logicalCpus: 6,
      usableCores: 6,
      model: 'Model from Node',
    })
    expect(topology.cores.map(({ cpu, physicalCore, siblings, kind }) => [cpu, physicalCore, siblings, kind])).toEqual([
      [0, 0, [1], 'performance'],
      [1, 0, [0], 'performance'],
      [2, 1, [3], 'performance'],
      [3, 1, [2], 'performance'],
      [4, 2, [], 'efficiency'],
      [5, 3, [], 'efficiency'],
    ])
    expect(topology.sharedCaches).toEqual([
      { level: 2, sizeKiB: 2048, cpus: [4, 5] },
      { level: 3, sizeKiB: 24576, cpus: [0, 1, 2, 3, 4, 5] },
    ])
  })

  it('honours the affinity mask of the process', () => {
    const topology = readWindows({ groups: [6], records: concatenate(hybridRecords), processMask: 0b010011n })
    expect(topology.cores.map((core) => core.cpu)).toEqual([0, 1, 4])
    expect(topology.logicalCpus).toBe(6)
  })

  it('numbers the CPUs of the second processor group from 64', () => {
    const cores = [0, 1].flatMap((group) => [1n, 2n].map((mask) => processorRecord(0, [{ group, mask }])))
    const packages = [0, 1].map((group) => processorRecord(3, [{ group, mask: 3n }]))
    const spanning = cacheRecord({ level: 4, size: 1024 * 1024, type: 0 }, [
      { group: 0, mask: 3n },
      { group: 1, mask: 3n },
    ])
    const topology = readWindows({ groups: [2, 2], records: concatenate([...cores, ...packages, spanning]) })
    expect(topology.cores.map((core) => [core.cpu, core.package])).toEqual([
      [0, 0],
      [1, 0],
      [64, 1],
      [65, 1],
    ])
    expect(topology.sharedCaches).toEqual([{ level: 4, sizeKiB: 1024, cpus: [0, 1, 64, 65] }])
    expect(topology.notes.join(' ')).toContain('several processor groups')
  })

  it('skips records of kinds it does not know, and stops at one that is cut off', () => {
    const numaNode = processorRecord(0, [{ group: 0, mask: 3n }])
    numaNode[0] = 1
    const cutOff = processorRecord(0, [{ group: 0, mask: 4n }]).subarray(0, 20)
    const topology = readWindows({
      groups: [1],
      records: concatenate([numaNode, processorRecord(0, [{ group: 0, mask: 1n }]), cutOff]),
    })
    expect(topology.cores.map((core) => core.cpu)).toEqual([0])
  })

  it('falls back to what Node tells when Windows lists nothing', () => {
    const topology = readWindows({ groups: [4] })
    expect(topology).toMatchObject({ logicalCpus: 4, physicalCores: 4 })
    expect(topology.notes[0]).toMatch(/^The processor list of Windows cannot be read: /)
  })

  it('falls back to what Node tells when kernel32 does not load', () => {
    const topology = readTopology(plainSource('win32', 4))
    expect(topology.cores).toHaveLength(4)
    expect(topology.notes[0]).toBe('The processor list of Windows cannot be read: kernel32 is not here.')
  })
})
