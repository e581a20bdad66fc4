import { cpus, loadavg, totalmem } from 'node:os'
import { readTopology } from '../../src/main/engine/cpu/index.ts'

export interface MachineFacts {
  readonly cpu: string
  readonly logicalCpus: number
  /** Logical CPUs that this process may use. */
  readonly usableCpus: number
  readonly physicalCores: number
  readonly memoryGiB: number
  readonly node: string
  readonly v8: string
  readonly platform: string
}

export function readMachineFacts(): MachineFacts {
  const topology = readTopology()
  return {
    cpu: cpus()[0]?.model ?? topology.model,
    logicalCpus: topology.logicalCpus,
    usableCpus: topology.cores.length,
    physicalCores: topology.physicalCores,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
  }
}

/** Over 1, 5 and 15 minutes; zeroes on Windows, which has none. */
export function readLoadAverage(): readonly number[] {
  return loadavg().map((load) => Math.round(load * 100) / 100)
}
