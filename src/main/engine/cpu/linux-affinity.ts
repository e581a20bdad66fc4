import type { Binding } from '../../../shared/model/core.ts'
import { maxCpus } from './cpu-list.ts'
import type { Libc } from './libc.ts'
import { confirmBinding, describeBadNumber, isCpuNumber, type ThreadAffinity } from './thread-affinity.ts'

/** Linux error numbers, the same on every architecture Node runs on (asm-generic/errno-base.h). */
const errorNumbers = { notPermitted: 1, invalid: 22 } as const

/** Affinity by sched_setaffinity(2) and sched_getaffinity(2). */
export class LinuxAffinity implements ThreadAffinity {
  readonly supported = true
  readonly name = 'sched_setaffinity'
  readonly #libc: Libc
  // The kernel refuses to write a mask shorter than its own; one of the largest size always fits, and costs nothing.
  readonly #mask = new Uint8Array(maxCpus / 8)

  constructor(libc: Libc) {
    this.#libc = libc
  }

  bind(cpu: number): Binding {
    const threadId = this.threadId()
    if (!isCpuNumber(cpu)) return { asked: cpu, confirmed: this.readMask(), threadId, problem: describeBadNumber(cpu) }
    this.#mask.fill(0)
    this.#mask[cpu >> 3] = 1 << (cpu & 7)
    if (this.#libc.setAffinity(this.#mask) !== 0) {
      const problem = describeRefusal(cpu, this.#libc.errno())
      return { asked: cpu, confirmed: this.readMask(), threadId, problem }
    }
    return confirmBinding(cpu, this.readMask(), threadId)
  }

  waitForTurn(): boolean {
    return this.#libc.setBatchPolicy() === 0
  }

  readMask(): number[] | null {
    this.#mask.fill(0)
    return this.#libc.getAffinity(this.#mask) === 0 ? cpusOfMask(this.#mask) : null
  }

  currentCpu(): number | null {
    const cpu = this.#libc.currentCpu()
    return cpu < 0 ? null : cpu
  }

  threadId(): number | null {
    return this.#libc.threadId()
  }
}

function describeRefusal(cpu: number, errno: number): string {
  if (errno === errorNumbers.invalid) return `CPU ${cpu} is not there, is offline, or is outside this process' cpuset.`
  if (errno === errorNumbers.notPermitted)
    return `The system does not permit this process to choose its CPUs (asked for CPU ${cpu}).`
  return `Binding to CPU ${cpu} failed with error number ${errno}.`
}

function cpusOfMask(mask: Uint8Array): number[] {
  const cpus: number[] = []
  for (let index = 0; index < mask.length; index++) {
    for (let bits = mask[index] ?? 0, cpu = index * 8; bits !== 0; bits >>= 1, cpu++) {
      if (bits & 1) cpus.push(cpu)
    }
  }
  return cpus
}
