import type { Binding } from '../../../shared/model/core.ts'
import { cpusOfGroup, type Kernel32, processorsPerGroup, windowsErrors } from './kernel32.ts'
import { confirmBinding, describeBadNumber, isCpuNumber, type ThreadAffinity } from './thread-affinity.ts'

/** GROUP_AFFINITY on 64-bit: uint64 mask, uint16 group, three reserved uint16 that must be 0. */
const groupAffinitySize = 16
const groupOffset = 8
const processorNumberSize = 4

/**
 * Affinity by SetThreadGroupAffinity and GetThreadGroupAffinity. The older SetThreadAffinityMask is not used: it reaches only
 * the thread's present group of at most 64 CPUs, and has no counterpart that reads the mask without changing it.
 */
export class WindowsAffinity implements ThreadAffinity {
  readonly supported = true
  readonly name = 'SetThreadGroupAffinity'
  readonly #kernel32: Kernel32

  constructor(kernel32: Kernel32) {
    this.#kernel32 = kernel32
  }

  bind(cpu: number): Binding {
    const threadId = this.threadId()
    if (!isCpuNumber(cpu)) return { asked: cpu, confirmed: this.readMask(), threadId, problem: describeBadNumber(cpu) }
    const affinity = new DataView(new ArrayBuffer(groupAffinitySize))
    affinity.setBigUint64(0, 1n << BigInt(cpu % processorsPerGroup), true)
    affinity.setUint16(groupOffset, Math.floor(cpu / processorsPerGroup), true)
    if (this.#kernel32.setThreadGroupAffinity(new Uint8Array(affinity.buffer)) === 0) {
      const problem = describeRefusal(cpu, this.#kernel32.lastError())
      return { asked: cpu, confirmed: this.readMask(), threadId, problem }
    }
    return confirmBinding(cpu, this.readMask(), threadId)
  }

  waitForTurn(): boolean {
    return false
  }

  readMask(): number[] | null {
    const affinity = new DataView(new ArrayBuffer(groupAffinitySize))
    if (this.#kernel32.getThreadGroupAffinity(new Uint8Array(affinity.buffer)) === 0) return null
    return cpusOfGroup(affinity.getUint16(groupOffset, true), affinity.getBigUint64(0, true))
  }

  currentCpu(): number | null {
    const processor = new DataView(new ArrayBuffer(processorNumberSize))
    this.#kernel32.getCurrentProcessorNumberEx(new Uint8Array(processor.buffer))
    return processor.getUint16(0, true) * processorsPerGroup + processor.getUint8(2)
  }

  threadId(): number | null {
    return this.#kernel32.getCurrentThreadId()
  }
}

function describeRefusal(cpu: number, error: number): string {
  if (error === windowsErrors.invalidParameter)
    return `CPU ${cpu} is not there, or is outside this process' affinity mask.`
  return `Binding to CPU ${cpu} failed with Windows error ${error}.`
}
