import type { CoreKind, SharedCache } from '../../../shared/model/core.ts'
import { nameCpus, parseCpuList } from './cpu-list.ts'
import { readCpuQuota } from './linux-quota.ts'
import type { CpuFacts, MachineFacts } from './machine-facts.ts'
import type { TopologySource } from './topology-source.ts'

const cpuFolder = '/sys/devices/system/cpu'

/** The kernel numbers a CPU's caches from index0 without gaps; no CPU has this many. */
const maxCacheIndex = 16

/**
 * A core whose capacity is below this share of the largest is called an efficiency core. The kernel's figure is capacity at
 * the highest clock: the little cores of ARM's designs lie under a half, while cores that differ only by boost clock,
 * and ARM's middle cores, lie above.
 */
const efficiencyShare = 0.6

interface Told<T> {
  readonly value: T
  readonly notes: readonly string[]
}

/**
 * Reads sysfs and procfs. Formats: the kernel's `ABI/testing/sysfs-devices-system-cpu`, `ABI/stable/sysfs-devices-system-cpu`,
 * proc_pid_status(5).
 */
export function readLinuxFacts(source: TopologySource): MachineFacts {
  const allowed = readAllowed(source)
  const online = readOnline(source, allowed)
  const kinds = readKinds(source, online.value)
  const cpus = readCores(source, online.value, kinds.value)
  const caches = readCaches(source, online.value)
  const quota = readCpuQuota(source)
  return {
    cpus: cpus.value,
    allowed,
    sharedCaches: caches.value,
    quotaCores: quota.cores,
    model: readModel(source),
    notes: [
      ...online.notes,
      ...cpus.notes,
      ...kinds.notes,
      ...caches.notes,
      ...(allowed === null ? ['The affinity mask of this process cannot be read; all online CPUs are counted.'] : []),
      quota.note,
    ],
  }
}

/** `/proc/self` is the process, that is its main thread, whichever thread asks: a bound thread sees the process' mask. */
function readAllowed(source: TopologySource): number[] | null {
  const status = source.readText('/proc/self/status')
  const list = status === null ? null : /^Cpus_allowed_list:\s*(\S*)$/m.exec(status)
  const cpus = list?.[1] === undefined ? null : parseCpuList(list[1])
  return cpus === null || cpus.length === 0 ? null : cpus
}

function readOnline(source: TopologySource, allowed: readonly number[] | null): Told<readonly number[]> {
  const online = readList(source, `${cpuFolder}/online`)
  if (online !== null && online.length > 0) {
    const present = readList(source, `${cpuFolder}/present`) ?? online
    const offline = present.filter((cpu) => !online.includes(cpu))
    const origin = `Packages, cores, siblings and caches are read from ${cpuFolder}.`
    if (offline.length === 0) return { value: online, notes: [origin] }
    return { value: online, notes: [origin, `Not counted, because offline: ${nameCpus(offline)}.`] }
  }
  const counted = Array.from({ length: Math.max(1, source.cpuModels().length) }, (_, cpu) => cpu)
  // Some containers show fewer CPUs than the machine has, counted from 0, while the mask keeps the machine's own numbers.
  const shown = allowed?.every((cpu) => !counted.includes(cpu)) ? allowed : counted
  return {
    value: shown,
    notes: [`${cpuFolder} cannot be read here; taken to be online: ${nameCpus(shown)}.`],
  }
}

function readCores(
  source: TopologySource,
  online: readonly number[],
  kinds: ReadonlyMap<number, CoreKind>,
): Told<readonly CpuFacts[]> {
  const withoutPackage: number[] = []
  const withoutCore: number[] = []
  const cpus = online.map((cpu) => {
    const folder = `${cpuFolder}/cpu${cpu}/topology`
    const packageId = readNumber(source, `${folder}/physical_package_id`)
    const coreKey = readCoreKey(source, folder, packageId)
    if (packageId === null) withoutPackage.push(cpu)
    if (coreKey === null) withoutCore.push(cpu)
    return { cpu, packageId: packageId ?? 0, coreKey: coreKey ?? `cpu ${cpu}`, kind: kinds.get(cpu) ?? 'unknown' }
  })
  const notes: string[] = []
  if (withoutPackage.length > 0) {
    notes.push(`The package of ${nameCpus(withoutPackage)} is not known; the first is assumed.`)
  }
  if (withoutCore.length > 0) {
    notes.push(`The physical core of ${nameCpus(withoutCore)} is not known; each is counted as one of its own.`)
  }
  return { value: cpus, notes }
}

/**
 * The list of siblings says which CPUs share a core whatever the firmware calls it; the ids are the second choice because
 * they repeat between packages, and on some machines between dies.
 */
function readCoreKey(source: TopologySource, folder: string, packageId: number | null): string | null {
  const siblings = readList(source, `${folder}/thread_siblings_list`) ?? readList(source, `${folder}/core_cpus_list`)
  if (siblings?.[0] !== undefined) return `siblings of ${siblings[0]}`
  const coreId = readNumber(source, `${folder}/core_id`)
  return coreId === null ? null : `core ${packageId ?? 0}/${readNumber(source, `${folder}/die_id`) ?? 0}/${coreId}`
}

/**
 * Intel's hybrid machines register one event source per kind of core, which names its CPUs; the low-power island of some
 * counts as efficiency. Elsewhere the scheduler's capacity figure tells big cores from little ones.
 */
function readKinds(source: TopologySource, online: readonly number[]): Told<ReadonlyMap<number, CoreKind>> {
  const kinds = new Map<number, CoreKind>()
  const performance = readList(source, '/sys/devices/cpu_core/cpus')
  const efficiency = readList(source, '/sys/devices/cpu_atom/cpus')
  if (performance !== null && efficiency !== null) {
    const lowPower = readList(source, '/sys/devices/cpu_lowpower/cpus') ?? []
    for (const cpu of performance) kinds.set(cpu, 'performance')
    for (const cpu of [...efficiency, ...lowPower]) kinds.set(cpu, 'efficiency')
    return {
      value: kinds,
      notes: ['Performance and efficiency cores are told apart by /sys/devices/cpu_core and cpu_atom.'],
    }
  }
  const capacities = new Map(online.map((cpu) => [cpu, readNumber(source, `${cpuFolder}/cpu${cpu}/cpu_capacity`) ?? 0]))
  const largest = Math.max(...capacities.values())
  const unlike = [...capacities.values()].some((capacity) => capacity > 0 && capacity < largest * efficiencyShare)
  if (!unlike) {
    return { value: kinds, notes: ['The kernel tells of no difference between performance and efficiency cores.'] }
  }
  for (const [cpu, capacity] of capacities) {
    if (capacity > 0) kinds.set(cpu, capacity < largest * efficiencyShare ? 'efficiency' : 'performance')
  }
  return { value: kinds, notes: ['Performance and efficiency cores are told apart by cpu_capacity.'] }
}

/** Instruction caches are left out: nothing is placed by them. */
function readCaches(source: TopologySource, online: readonly number[]): Told<readonly SharedCache[]> {
  const caches: SharedCache[] = []
  const counted = new Set(online)
  let readAny = false
  for (const cpu of online) {
    for (let index = 0; index < maxCacheIndex; index++) {
      const folder = `${cpuFolder}/cpu${cpu}/cache/index${index}`
      const listed = readList(source, `${folder}/shared_cpu_list`)
      if (listed === null) break
      readAny = true
      const cpus = listed.filter((other) => counted.has(other))
      // A shared cache shows up once under each of its CPUs; take it from the first, and do not read the rest of its files again.
      if (cpus.length < 2 || cpus[0] !== cpu) continue
      const level = readNumber(source, `${folder}/level`)
      if (level === null || source.readText(`${folder}/type`)?.trim() === 'Instruction') continue
      caches.push({ level, sizeKiB: readSize(source, `${folder}/size`), cpus })
    }
  }
  return { value: caches, notes: readAny ? [] : ['Which CPUs share a cache is not known here.'] }
}

/** `32768K`; no suffix is bytes. */
function readSize(source: TopologySource, path: string): number | null {
  const match = /^(\d+)([KMG]?)$/.exec(source.readText(path)?.trim() ?? '')
  if (match === null) return null
  const kibPerUnit = { '': 1 / 1024, K: 1, M: 1024, G: 1024 * 1024 }[match[2] ?? ''] ?? 1
  return Number(match[1]) * kibPerUnit
}

/** ARM's /proc/cpuinfo has no model name; there `os.cpus()` knows some, but is too slow on a large machine to be asked first. */
function readModel(source: TopologySource): string {
  const named = /^model name\s*:\s*(.+)$/m.exec(source.readText('/proc/cpuinfo') ?? '')
  return (named?.[1] ?? source.cpuModels()[0])?.trim() || 'unknown'
}

function readList(source: TopologySource, path: string): number[] | null {
  const text = source.readText(path)
  return text === null ? null : parseCpuList(text)
}

/** A whole number from 0; the kernel writes -1 for "not known". */
function readNumber(source: TopologySource, path: string): number | null {
  const text = source.readText(path)?.trim() ?? ''
  return /^\d+$/.test(text) ? Number(text) : null
}
