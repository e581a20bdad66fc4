import { GuardhouseError } from '../../../shared/errors.ts'
import type { CoreKind, SharedCache } from '../../../shared/model/core.ts'
import { firstLine } from './first-line.ts'
import { cpusOfGroup, type Kernel32, processorsPerGroup, windowsErrors } from './kernel32.ts'
import type { CpuFacts, MachineFacts } from './machine-facts.ts'
import { readPortableFacts } from './portable-topology.ts'
import type { TopologySource } from './topology-source.ts'

/** LOGICAL_PROCESSOR_RELATIONSHIP (winnt.h). */
const relations = { processorCore: 0, cache: 2, processorPackage: 3, all: 0xffff } as const
const instructionCache = 1

/**
 * Offsets in SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX (winnt.h, 64-bit): a header of two uint32 (relationship, size), then
 * PROCESSOR_RELATIONSHIP or CACHE_RELATIONSHIP, each ending in an array of 16-byte GROUP_AFFINITY.
 */
const offsets = {
  size: 4,
  core: { efficiencyClass: 9, groupCount: 30, groups: 32 },
  cache: { level: 8, size: 12, type: 16, groupCount: 38, groups: 40 },
} as const
const groupAffinitySize = 16
/** More than any machine has; past it the length the system asks for is not believed. */
const maxInformationSize = 16 * 1024 * 1024

interface CoreRecord {
  readonly cpus: readonly number[]
  readonly efficiencyClass: number
}

interface ProcessorRecords {
  readonly cores: readonly CoreRecord[]
  readonly packages: readonly (readonly number[])[]
  readonly caches: readonly SharedCache[]
}

/** Reads GetLogicalProcessorInformationEx; falls back to what Node tells, with the reason in the notes. */
export function readWindowsFacts(source: TopologySource): MachineFacts {
  try {
    const kernel32 = source.kernel32()
    const records = parseProcessorRecords(readProcessorRecords(kernel32))
    if (records.cores.length === 0) throw new GuardhouseError('unsupported', 'Windows listed no processor cores')
    const cpus = describeCpus(records)
    const allowed = readAllowed(kernel32, cpus)
    return {
      cpus,
      allowed,
      sharedCaches: records.caches,
      quotaCores: null,
      model: source.cpuModels()[0]?.trim() || 'unknown',
      notes: [
        'Packages, cores, siblings and caches are read from GetLogicalProcessorInformationEx.',
        ...(cpus.every((cpu) => cpu.kind === 'unknown')
          ? ['Windows tells of no difference between performance and efficiency cores.']
          : []),
        ...(allowed === null
          ? ['On a machine with several processor groups the affinity mask of the process is not read.']
          : []),
        'A CPU limit of a job object is not read.',
      ],
    }
  } catch (cause) {
    return readPortableFacts(source, `The processor list of Windows cannot be read: ${firstLine(cause)}.`)
  }
}

function readProcessorRecords(kernel32: Kernel32): Uint8Array {
  const length = new Uint32Array(1)
  kernel32.getLogicalProcessorInformationEx(relations.all, null, length)
  const size = length[0] ?? 0
  if (size === 0 || size > maxInformationSize) {
    throw new GuardhouseError(
      'unsupported',
      `Windows asked for ${size} bytes for its processor list (error ${kernel32.lastError()})`,
    )
  }
  const bytes = new Uint8Array(size)
  if (kernel32.getLogicalProcessorInformationEx(relations.all, bytes, length) === 0) {
    const error = kernel32.lastError()
    const reason =
      error === windowsErrors.insufficientBuffer ? 'processors were added while it was read' : `error ${error}`
    throw new GuardhouseError('unsupported', `GetLogicalProcessorInformationEx failed: ${reason}`)
  }
  return bytes.subarray(0, length[0])
}

/** Reads the variable-length records one after the other; stops at one that does not fit in what is left. */
function parseProcessorRecords(bytes: Uint8Array): ProcessorRecords {
  const cores: CoreRecord[] = []
  const packages: number[][] = []
  const caches: SharedCache[] = []
  for (let start = 0; start + offsets.core.groups <= bytes.byteLength; ) {
    const size = viewOf(bytes).getUint32(start + offsets.size, true)
    if (size < offsets.core.groups || start + size > bytes.byteLength) break
    const record = viewOf(bytes.subarray(start, start + size))
    const relation = record.getUint32(0, true)
    if (relation === relations.processorCore) {
      cores.push({
        cpus: readGroups(record, offsets.core),
        efficiencyClass: record.getUint8(offsets.core.efficiencyClass),
      })
    } else if (relation === relations.processorPackage) {
      packages.push(readGroups(record, offsets.core))
    } else if (relation === relations.cache) {
      const cache = readCache(record)
      if (cache !== null) caches.push(cache)
    }
    start += size
  }
  return { cores, packages, caches }
}

function readCache(record: DataView): SharedCache | null {
  const cpus = readGroups(record, offsets.cache)
  if (cpus.length < 2 || record.getUint32(offsets.cache.type, true) === instructionCache) return null
  return {
    level: record.getUint8(offsets.cache.level),
    sizeKiB: record.getUint32(offsets.cache.size, true) / 1024,
    cpus,
  }
}

/** Windows before 11 leaves the cache's group count at 0 and means one. */
function readGroups(record: DataView, layout: { readonly groupCount: number; readonly groups: number }): number[] {
  const count = Math.max(1, record.getUint16(layout.groupCount, true))
  const cpus: number[] = []
  for (let index = 0; index < count; index++) {
    const offset = layout.groups + index * groupAffinitySize
    if (offset + groupAffinitySize > record.byteLength) break
    cpus.push(...cpusOfGroup(record.getUint16(offset + 8, true), record.getBigUint64(offset, true)))
  }
  return cpus
}

function describeCpus(records: ProcessorRecords): CpuFacts[] {
  const packageOf = new Map(records.packages.flatMap((cpus, index) => cpus.map((cpu) => [cpu, index] as const)))
  const classes = records.cores.map((core) => core.efficiencyClass)
  const fastest = Math.max(...classes)
  const hybrid = classes.some((efficiencyClass) => efficiencyClass !== fastest)
  return records.cores.flatMap((core, index) => {
    // A higher efficiency class is a faster, less efficient core.
    const kind: CoreKind = !hybrid ? 'unknown' : core.efficiencyClass === fastest ? 'performance' : 'efficiency'
    return core.cpus.map((cpu) => ({ cpu, packageId: packageOf.get(cpu) ?? 0, coreKey: `core ${index}`, kind }))
  })
}

/** GetProcessAffinityMask speaks of one group only, so its answer is used where there is only one. */
function readAllowed(kernel32: Kernel32, cpus: readonly CpuFacts[]): number[] | null {
  if (cpus.some((cpu) => cpu.cpu >= processorsPerGroup)) return null
  const processMask = new BigUint64Array(1)
  const systemMask = new BigUint64Array(1)
  if (kernel32.getProcessAffinityMask(processMask, systemMask) === 0) return null
  const allowed = cpusOfGroup(0, processMask[0] ?? 0n)
  return allowed.length === 0 ? null : allowed
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
