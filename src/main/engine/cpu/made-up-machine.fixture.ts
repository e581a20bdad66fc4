import { GuardhouseError } from '../../../shared/errors.ts'
import { formatCpuList } from './cpu-list.ts'
import type { Kernel32 } from './kernel32.ts'
import type { TopologySource } from './topology-source.ts'

/** Paths and texts of a machine that does not exist. */
export type Files = Readonly<Record<string, string>>

/** One online CPU of a made-up Linux machine. CPUs with the same package and core id are siblings. */
export interface MadeUpCpu {
  readonly cpu: number
  readonly package: number
  readonly coreId: number
  readonly capacity?: number
}

/** CPUs as most x86 machines number them: the first thread of every core, then the second of every core. */
export function uniformCpus(shape: { packages: number; coresPerPackage: number; threadsPerCore: number }): MadeUpCpu[] {
  const physicalCores = shape.packages * shape.coresPerPackage
  return Array.from({ length: physicalCores * shape.threadsPerCore }, (_, cpu) => ({
    cpu,
    package: Math.floor((cpu % physicalCores) / shape.coresPerPackage),
    coreId: cpu % shape.coresPerPackage,
  }))
}

/** The files of a Linux machine: L1 and L2 caches per core and an L3 cache per package, unrestricted, without a quota. */
export function linuxFiles(cpus: readonly MadeUpCpu[]): Files {
  const all = formatCpuList(cpus.map((cpu) => cpu.cpu))
  return Object.assign(
    {
      '/sys/devices/system/cpu/online': `${all}\n`,
      '/sys/devices/system/cpu/present': `${all}\n`,
      '/proc/self/status': `Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t${all}\nMems_allowed_list:\t0\n`,
      '/proc/self/cgroup': '0::/\n',
      '/proc/self/mountinfo': '30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n',
      '/proc/cpuinfo': 'processor\t: 0\nmodel name\t: Made-up CPU @ 3.00GHz\n',
    },
    ...cpus.map((cpu) => cpuFiles(cpu, cpus)),
  )
}

function cpuFiles(cpu: MadeUpCpu, cpus: readonly MadeUpCpu[]): Files {
  const folder = `/sys/devices/system/cpu/cpu${cpu.cpu}`
  const inPackage = cpus.filter((other) => other.package === cpu.package)
  const siblings = formatCpuList(inPackage.filter((other) => other.coreId === cpu.coreId).map((other) => other.cpu))
  return {
    [`${folder}/topology/physical_package_id`]: `${cpu.package}\n`,
    [`${folder}/topology/core_id`]: `${cpu.coreId}\n`,
    [`${folder}/topology/thread_siblings_list`]: `${siblings}\n`,
    ...cacheFiles(`${folder}/cache/index0`, { level: 1, type: 'Data', size: '48K', cpus: siblings }),
    ...cacheFiles(`${folder}/cache/index1`, { level: 1, type: 'Instruction', size: '32K', cpus: siblings }),
    ...cacheFiles(`${folder}/cache/index2`, { level: 2, type: 'Unified', size: '1024K', cpus: siblings }),
    ...cacheFiles(`${folder}/cache/index3`, {
      level: 3,
      type: 'Unified',
      size: '32M',
      cpus: formatCpuList(inPackage.map((other) => other.cpu)),
    }),
    ...(cpu.capacity === undefined ? {} : { [`${folder}/cpu_capacity`]: `${cpu.capacity}\n` }),
  }
}

function cacheFiles(folder: string, cache: { level: number; type: string; size: string; cpus: string }): Files {
  return {
    [`${folder}/level`]: `${cache.level}\n`,
    [`${folder}/type`]: `${cache.type}\n`,
    [`${folder}/size`]: `${cache.size}\n`,
    [`${folder}/shared_cpu_list`]: `${cache.cpus}\n`,
  }
}

/** A machine that has these files and nothing else. */
export function linuxSource(files: Files, cpuModels: readonly string[] = ['Model from Node']): TopologySource {
  return {
    platform: 'linux',
    readText: (path) => files[path] ?? null,
    cpuModels: () => cpuModels,
    availableParallelism: () => cpuModels.length,
    kernel32: noKernel32,
  }
}

/** A machine of another kind, of which only Node tells. */
export function plainSource(
  platform: NodeJS.Platform,
  count: number,
  kernel32: () => Kernel32 = noKernel32,
): TopologySource {
  return {
    platform,
    readText: () => null,
    cpuModels: () => Array.from({ length: count }, () => 'Model from Node'),
    availableParallelism: () => count,
    kernel32,
  }
}

function noKernel32(): never {
  throw new GuardhouseError('unsupported', 'kernel32 is not here')
}
