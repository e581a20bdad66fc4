import { type Kernel32, processorsPerGroup, windowsErrors } from './kernel32.ts'
import type { Libc } from './libc.ts'

const invalidArgument = 22

/** The Linux calls of a machine with these CPUs and one thread, which starts on the first. */
export function madeUpLibc(online: readonly number[], threadId = 4711): Libc {
  let mask = [...online]
  let errno = 0
  return {
    setAffinity(bits) {
      const asked = online.filter((cpu) => ((bits[cpu >> 3] ?? 0) >> (cpu & 7)) & 1)
      if (asked.length === 0) {
        errno = invalidArgument
        return -1
      }
      mask = asked
      return 0
    },
    getAffinity(bits) {
      bits.fill(0)
      for (const cpu of mask) bits[cpu >> 3] = (bits[cpu >> 3] ?? 0) | (1 << (cpu & 7))
      return 0
    },
    setBatchPolicy: () => 0,
    currentCpu: () => mask[0] ?? -1,
    errno: () => errno,
    threadId: () => threadId,
  }
}

/** What a made-up Windows answers; every member has a sensible answer of its own. */
export interface MadeUpWindows {
  /** Number of CPUs in each processor group. */
  readonly groups: readonly number[]
  readonly threadId?: number
  /** The answer of GetLogicalProcessorInformationEx. */
  readonly records?: Uint8Array
  readonly processMask?: bigint
}

/** The Windows calls of a machine with one thread, which starts with all of the first group. It checks that structures are laid out as Windows demands. */
export function madeUpKernel32(windows: MadeUpWindows): Kernel32 {
  let affinity = { group: 0, mask: allOf(windows.groups[0] ?? 0) }
  let lastError = 0
  function fail(error: number): 0 {
    lastError = error
    return 0
  }
  return {
    setThreadGroupAffinity(bytes) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      const group = view.getUint16(8, true)
      const mask = view.getBigUint64(0, true)
      const reservedIsClear = bytes.subarray(10, 16).every((byte) => byte === 0)
      const available = allOf(windows.groups[group] ?? 0)
      if (bytes.byteLength !== 16 || !reservedIsClear || mask === 0n || (mask & ~available) !== 0n)
        return fail(windowsErrors.invalidParameter)
      affinity = { group, mask }
      return 1
    },
    getThreadGroupAffinity(bytes) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      view.setBigUint64(0, affinity.mask, true)
      view.setUint16(8, affinity.group, true)
      return 1
    },
    getCurrentProcessorNumberEx(bytes) {
      const lowest = affinity.mask.toString(2).length - 1 - affinity.mask.toString(2).lastIndexOf('1')
      new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).setUint16(0, affinity.group, true)
      bytes[2] = lowest
    },
    getCurrentThreadId: () => windows.threadId ?? 4712,
    getLogicalProcessorInformationEx(_relationship, buffer, length) {
      const records = windows.records ?? new Uint8Array(0)
      const room = length[0] ?? 0
      length[0] = records.byteLength
      if (buffer === null || room < records.byteLength) return fail(windowsErrors.insufficientBuffer)
      buffer.set(records)
      return 1
    },
    getProcessAffinityMask(processMask, systemMask) {
      processMask[0] = windows.processMask ?? allOf(windows.groups[0] ?? 0)
      systemMask[0] = allOf(windows.groups[0] ?? 0)
      return 1
    },
    lastError: () => lastError,
  }
}

function allOf(count: number): bigint {
  return count >= processorsPerGroup ? (1n << 64n) - 1n : (1n << BigInt(count)) - 1n
}

/** One GROUP_AFFINITY: the CPUs of one group that a record names. */
export interface GroupCpus {
  readonly group: number
  readonly mask: bigint
}

/** A RelationProcessorCore (0) or RelationProcessorPackage (3) record. */
export function processorRecord(relationship: 0 | 3, groups: readonly GroupCpus[], efficiencyClass = 0): Uint8Array {
  const { bytes, view } = newRecord(relationship, 32, groups)
  view.setUint8(9, efficiencyClass)
  view.setUint16(30, groups.length, true)
  return bytes
}

/** A RelationCache record; type 0 is unified, 1 instruction, 2 data. `countGroups` false is how Windows 10 writes it. */
export function cacheRecord(
  cache: { level: number; size: number; type: number; countGroups?: boolean },
  groups: readonly GroupCpus[],
): Uint8Array {
  const { bytes, view } = newRecord(2, 40, groups)
  view.setUint8(8, cache.level)
  view.setUint32(12, cache.size, true)
  view.setUint32(16, cache.type, true)
  if (cache.countGroups !== false) view.setUint16(38, groups.length, true)
  return bytes
}

function newRecord(
  relationship: number,
  groupsOffset: number,
  groups: readonly GroupCpus[],
): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(groupsOffset + groups.length * 16)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, relationship, true)
  view.setUint32(4, bytes.byteLength, true)
  for (const [index, { group, mask }] of groups.entries()) {
    view.setBigUint64(groupsOffset + index * 16, mask, true)
    view.setUint16(groupsOffset + index * 16 + 8, group, true)
  }
  return { bytes, view }
}

/** Records one after the other, as the system hands them out. */
export function concatenate(records: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(records.flatMap((record) => [...record]))
}
