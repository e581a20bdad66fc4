import { availableParallelism, cpus } from 'node:os'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CoreInfo } from '../../../shared/model/core.ts'
import { formatCpuList } from './cpu-list.ts'
import {
  type Files,
  linuxFiles,
  linuxSource,
  type MadeUpCpu,
  plainSource,
  uniformCpus,
} from './made-up-machine.fixture.ts'
import { readTopology } from './topology.ts'

function allow(list: string): Files {
  return { '/proc/self/status': `Name:\tnode\nCpus_allowed_list:\t${list}\n` }
}

function cpusOf(topology: ReturnType<typeof readTopology>): number[] {
  return topology.cores.map((core) => core.cpu)
}

/** Package, physical core and CPU as one number that sorts like the three, on machines under 1,000 of each. */
function placeOf(core: CoreInfo): number {
  return (core.package * 1000 + core.physicalCore) * 1000 + core.cpu
}

describe('topology of a made-up Linux machine', () => {
  it('with one CPU has one core and nothing shared', () => {
    const topology = readTopology(
      linuxSource(linuxFiles(uniformCpus({ packages: 1, coresPerPackage: 1, threadsPerCore: 1 }))),
    )
    expect(topology).toMatchObject({
      packages: 1,
      physicalCores: 1,
      logicalCpus: 1,
      usableCores: 1,
      sharedCaches: [],
      quotaCores: null,
    })
    expect(topology.cores).toEqual([{ core: 1, cpu: 0, package: 0, physicalCore: 0, siblings: [], kind: 'unknown' }])
    expect(topology.model).toBe('Made-up CPU @ 3.00GHz')
  })

  it('with two CPUs shares the last cache between them', () => {
    const topology = readTopology(
      linuxSource(linuxFiles(uniformCpus({ packages: 1, coresPerPackage: 2, threadsPerCore: 1 }))),
    )
    expect(topology).toMatchObject({ packages: 1, physicalCores: 2, logicalCpus: 2, usableCores: 2 })
    expect(topology.sharedCaches).toEqual([{ level: 3, sizeKiB: 32768, cpus: [0, 1] }])
  })

  it('with 8 SMT cores puts siblings next to each other, although the system numbers them apart', () => {
    const topology = readTopology(
      linuxSource(linuxFiles(uniformCpus({ packages: 1, coresPerPackage: 8, threadsPerCore: 2 }))),
    )
    expect(topology).toMatchObject({ packages: 1, physicalCores: 8, logicalCpus: 16, usableCores: 16 })
    expect(cpusOf(topology)).toEqual([0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15])
    expect(topology.cores[2]).toEqual({ core: 3, cpu: 1, package: 0, physicalCore: 1, siblings: [9], kind: 'unknown' })
    expect(topology.sharedCaches.map((cache) => cache.level).sort()).toEqual([
      ...Array(8).fill(1),
      ...Array(8).fill(2),
      3,
    ])
    expect(topology.sharedCaches).toContainEqual({ level: 2, sizeKiB: 1024, cpus: [3, 11] })
  })

  it('with two sockets of 64 cores keeps each socket together and its cores apart, although core ids repeat', () => {
    const topology = readTopology(
      linuxSource(linuxFiles(uniformCpus({ packages: 2, coresPerPackage: 64, threadsPerCore: 1 }))),
    )
    expect(topology).toMatchObject({ packages: 2, physicalCores: 128, logicalCpus: 128, usableCores: 128 })
    expect(topology.cores.map((core) => core.core)).toEqual(Array.from({ length: 128 }, (_, index) => index + 1))
    expect(topology.cores[64]).toMatchObject({ core: 65, cpu: 64, package: 1, physicalCore: 64 })
    expect(topology.sharedCaches.map((cache) => cache.cpus.length)).toEqual([64, 64])
  })

  it('with sockets numbered in turn still sorts by socket first, and numbers sparse sockets densely', () => {
    const cpus = [0, 1, 2, 3].map((cpu): MadeUpCpu => ({ cpu, package: cpu % 2 === 0 ? 7 : 36, coreId: cpu }))
    const topology = readTopology(linuxSource(linuxFiles(cpus)))
    expect(cpusOf(topology)).toEqual([0, 2, 1, 3])
    expect(topology.cores.map((core) => core.package)).toEqual([0, 0, 1, 1])
  })

  it('with 8 performance and 16 efficiency cores knows them apart by the event sources', () => {
    const performance = Array.from(
      { length: 16 },
      (_, cpu): MadeUpCpu => ({ cpu, package: 0, coreId: Math.floor(cpu / 2) * 4 }),
    )
    const efficiency = Array.from(
      { length: 16 },
      (_, index): MadeUpCpu => ({ cpu: 16 + index, package: 0, coreId: 32 + index }),
    )
    const files = {
      ...linuxFiles([...performance, ...efficiency]),
      '/sys/devices/cpu_core/cpus': '0-15\n',
      '/sys/devices/cpu_atom/cpus': '16-31\n',
    }
    const topology = readTopology(linuxSource(files))
    expect(topology).toMatchObject({ packages: 1, physicalCores: 24, logicalCpus: 32, usableCores: 32 })
    expect(topology.cores.filter((core) => core.kind === 'performance').map((core) => core.cpu)).toEqual(
      performance.map((cpu) => cpu.cpu),
    )
    expect(
      topology.cores.filter((core) => core.kind === 'efficiency').every((core) => core.siblings.length === 0),
    ).toBe(true)
    expect(topology.cores[1]).toMatchObject({ cpu: 1, physicalCore: 0, siblings: [0] })
  })

  it('with big and little cores knows them apart by capacity', () => {
    const cpus = [300, 300, 800, 1024].map((capacity, cpu): MadeUpCpu => ({ cpu, package: 0, coreId: cpu, capacity }))
    const topology = readTopology(linuxSource(linuxFiles(cpus)))
    expect(topology.cores.map((core) => core.kind)).toEqual(['efficiency', 'efficiency', 'performance', 'performance'])
  })

  it('with cores that differ only by boost clock calls none of them efficient', () => {
    const cpus = [1024, 1010, 998, 1024].map((capacity, cpu): MadeUpCpu => ({ cpu, package: 0, coreId: cpu, capacity }))
    const topology = readTopology(linuxSource(linuxFiles(cpus)))
    expect(new Set(topology.cores.map((core) => core.kind))).toEqual(new Set(['unknown']))
  })

  it('with offline CPUs does not count them, and says which', () => {
    const cpus = uniformCpus({ packages: 1, coresPerPackage: 8, threadsPerCore: 1 }).filter(
      (cpu) => cpu.cpu !== 2 && cpu.cpu !== 5,
    )
    const topology = readTopology(
      linuxSource({ ...linuxFiles(cpus), ...allow('0-255'), '/sys/devices/system/cpu/present': '0-7\n' }),
    )
    expect(cpusOf(topology)).toEqual([0, 1, 3, 4, 6, 7])
    expect(topology.logicalCpus).toBe(6)
    expect(topology.notes).toContain('Not counted, because offline: CPUs 2,5.')
  })

  it('with an affinity mask numbers only the CPUs in it, and still knows the siblings outside', () => {
    const files = linuxFiles(uniformCpus({ packages: 2, coresPerPackage: 4, threadsPerCore: 2 }))
    const topology = readTopology(linuxSource({ ...files, ...allow('5-6,13') }))
    expect(
      topology.cores.map(({ core, cpu, package: socket, physicalCore, siblings }) => [
        core,
        cpu,
        socket,
        physicalCore,
        siblings,
      ]),
    ).toEqual([
      [1, 5, 1, 5, [13]],
      [2, 13, 1, 5, [5]],
      [3, 6, 1, 6, [14]],
    ])
    expect(topology).toMatchObject({ packages: 1, physicalCores: 2, logicalCpus: 16, usableCores: 3 })
    expect(topology.notes).toContain('The affinity mask lets this process use only CPUs 5-6,13 of 0-15.')
  })

  it('with a mask of CPUs that are not online counts the online ones, and says so', () => {
    const files = linuxFiles(uniformCpus({ packages: 1, coresPerPackage: 2, threadsPerCore: 1 }))
    const topology = readTopology(linuxSource({ ...files, ...allow('8-9') }))
    expect(cpusOf(topology)).toEqual([0, 1])
    expect(topology.notes.join(' ')).toContain('names CPUs 8-9, of which none is online (0-1): it is not used.')
  })

  it('with a quota of one and a half cores keeps two busy', () => {
    const files = linuxFiles(uniformCpus({ packages: 1, coresPerPackage: 8, threadsPerCore: 1 }))
    const topology = readTopology(linuxSource({ ...files, '/sys/fs/cgroup/cpu.max': '150000 100000\n' }))
    expect(topology).toMatchObject({ quotaCores: 1.5, usableCores: 2 })
    expect(topology.cores).toHaveLength(8)
  })

  it('with a quota below one core keeps one busy, and with one above the machine keeps the machine busy', () => {
    const files = linuxFiles(uniformCpus({ packages: 1, coresPerPackage: 4, threadsPerCore: 1 }))
    expect(readTopology(linuxSource({ ...files, '/sys/fs/cgroup/cpu.max': '5000 100000\n' })).usableCores).toBe(1)
    expect(readTopology(linuxSource({ ...files, '/sys/fs/cgroup/cpu.max': '6400000 100000\n' })).usableCores).toBe(4)
  })

  it('in a container without cache information has no shared caches, and says so', () => {
    const files = linuxFiles(uniformCpus({ packages: 1, coresPerPackage: 4, threadsPerCore: 2 }))
    const withoutCaches = Object.fromEntries(Object.entries(files).filter(([path]) => !path.includes('/cache/')))
    const topology = readTopology(linuxSource(withoutCaches))
    expect(topology).toMatchObject({ sharedCaches: [], physicalCores: 4, logicalCpus: 8 })
    expect(topology.notes).toContain('Which CPUs share a cache is not known here.')
  })

  it('with 256 CPUs numbers all of them', () => {
    const topology = readTopology(
      linuxSource(linuxFiles(uniformCpus({ packages: 2, coresPerPackage: 64, threadsPerCore: 2 }))),
    )
    expect(topology).toMatchObject({ packages: 2, physicalCores: 128, logicalCpus: 256, usableCores: 256 })
    expect(topology.cores.slice(-2).map((core) => [core.core, core.cpu, core.siblings])).toEqual([
      [255, 127, [255]],
      [256, 255, [127]],
    ])
  })

  it('without lists of siblings falls back to core ids per package and die', () => {
    const files = linuxFiles(uniformCpus({ packages: 2, coresPerPackage: 2, threadsPerCore: 2 }))
    const withoutSiblings = Object.fromEntries(
      Object.entries(files).filter(([path]) => !path.endsWith('siblings_list')),
    )
    const topology = readTopology(linuxSource(withoutSiblings))
    expect(topology).toMatchObject({ packages: 2, physicalCores: 4 })
    expect(topology.cores[0]).toMatchObject({ cpu: 0, siblings: [4] })
  })

  it('with a package id of -1 assumes the first package, and says so', () => {
    const files = linuxFiles(uniformCpus({ packages: 1, coresPerPackage: 2, threadsPerCore: 1 }))
    const unknown = { '/sys/devices/system/cpu/cpu1/topology/physical_package_id': '-1\n' }
    const topology = readTopology(linuxSource({ ...files, ...unknown }))
    expect(topology.packages).toBe(1)
    expect(topology.notes).toContain('The package of CPU 1 is not known; the first is assumed.')
  })

  it('without /sys counts what Node lists, within the mask', () => {
    const topology = readTopology(linuxSource(allow('1-2'), ['A', 'A', 'A', 'A']))
    expect(cpusOf(topology)).toEqual([1, 2])
    expect(topology).toMatchObject({ logicalCpus: 4, model: 'A' })
  })

  it('without /sys trusts the mask where Node lists none of its CPUs', () => {
    expect(cpusOf(readTopology(linuxSource(allow('12-13'), ['A', 'A'])))).toEqual([12, 13])
  })

  it('that tells nothing at all still has one core, and a note for everything missing', () => {
    const topology = readTopology(linuxSource({}, []))
    expect(topology).toMatchObject({ packages: 1, physicalCores: 1, logicalCpus: 1, usableCores: 1, model: 'unknown' })
    expect(topology.notes.length).toBeGreaterThanOrEqual(6)
  })
})

describe('topology of any machine', () => {
  const machine = fc
    .record({
      packages: fc.integer({ min: 1, max: 4 }),
      coresPerPackage: fc.integer({ min: 1, max: 12 }),
      threadsPerCore: fc.integer({ min: 1, max: 4 }),
    })
    .map(uniformCpus)

  it('numbers cores without gaps in the promised order, and siblings know each other', () => {
    fc.assert(
      fc.property(machine, fc.infiniteStream(fc.boolean()), (cpus, choices) => {
        const mask = cpus.filter((cpu) => cpu.cpu === 0 || choices.next().value === true).map((cpu) => cpu.cpu)
        const { cores, logicalCpus, usableCores } = readTopology(
          linuxSource({ ...linuxFiles(cpus), ...allow(formatCpuList(mask)) }),
        )
        expect(logicalCpus).toBe(cpus.length)
        expect(usableCores).toBe(mask.length)
        expect(cores.map((core) => core.cpu).sort((a, b) => a - b)).toEqual(mask)
        for (const [index, core] of cores.entries()) {
          expect(core.core).toBe(index + 1)
          for (const other of cores) {
            const share = other !== core && other.physicalCore === core.physicalCore
            expect(core.siblings.includes(other.cpu)).toBe(share)
          }
          const previous = cores[index - 1]
          if (previous !== undefined) expect(placeOf(previous) < placeOf(core)).toBe(true)
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('topology of other platforms', () => {
  it('on macOS counts CPUs and says what is not known', () => {
    const topology = readTopology(plainSource('darwin', 10))
    expect(topology).toMatchObject({
      packages: 1,
      physicalCores: 10,
      logicalCpus: 10,
      usableCores: 10,
      model: 'Model from Node',
    })
    expect(topology.notes.join(' ')).toContain('SMT siblings, shared caches, core kinds')
  })
})

describe('topology of this machine', () => {
  it('agrees with what Node finds out by itself', () => {
    const topology = readTopology()
    expect(topology.logicalCpus).toBe(cpus().length)
    expect(topology.cores.map((core) => core.core)).toEqual(topology.cores.map((_, index) => index + 1))
    // Node counts a quota too where its libuv knows it, so only an unlimited process can be compared exactly.
    if (topology.quotaCores === null) expect(topology.cores).toHaveLength(availableParallelism())
    expect(topology.usableCores).toBeLessThanOrEqual(topology.cores.length)
  })
})
