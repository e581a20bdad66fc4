import type { CoreInfo, CoreKind, SharedCache, Topology } from '../../../shared/model/core.ts'
import { ascending, formatCpuList, nameCpus } from './cpu-list.ts'

/** What an operating system told of one online CPU. */
export interface CpuFacts {
  readonly cpu: number
  /** The system's own id of the socket; any integer. */
  readonly packageId: number
  /** The same text for exactly the CPUs that share a physical core. */
  readonly coreKey: string
  readonly kind: CoreKind
}

/** What a reader for one operating system found out, before it is numbered and sorted. */
export interface MachineFacts {
  /** Every online CPU of the machine; at least one. */
  readonly cpus: readonly CpuFacts[]
  /** CPUs this process may use; null when nothing restricts it or the system does not tell. */
  readonly allowed: readonly number[] | null
  readonly sharedCaches: readonly SharedCache[]
  readonly quotaCores: number | null
  readonly model: string
  readonly notes: readonly string[]
}

interface PlacedCpu extends CpuFacts {
  readonly package: number
  readonly physicalCore: number
  readonly siblings: readonly number[]
}

/**
 * Numbers packages (from 0), physical cores (from 0, over the whole machine) and cores (from 1, over those the process may use).
 * Physical cores are ordered by their lowest CPU number, not by the firmware's core id: that id is sparse, repeats
 * between dies, and is missing on some ARM machines.
 */
export function assembleTopology(facts: MachineFacts): Topology {
  const placed = placeCpus(facts.cpus)
  const usable = keepAllowed(placed, facts.allowed)
  const cores = usable.cpus.map(
    (cpu, index): CoreInfo => ({
      core: index + 1,
      cpu: cpu.cpu,
      package: cpu.package,
      physicalCore: cpu.physicalCore,
      siblings: cpu.siblings,
      kind: cpu.kind,
    }),
  )
  return {
    cores,
    packages: new Set(cores.map((core) => core.package)).size,
    physicalCores: new Set(cores.map((core) => core.physicalCore)).size,
    logicalCpus: placed.length,
    sharedCaches: facts.sharedCaches,
    quotaCores: facts.quotaCores,
    usableCores: Math.max(
      1,
      Math.min(cores.length, facts.quotaCores === null ? cores.length : Math.ceil(facts.quotaCores)),
    ),
    model: facts.model,
    notes: [...facts.notes, ...usable.notes],
  }
}

function placeCpus(cpus: readonly CpuFacts[]): PlacedCpu[] {
  const packageNumbers = denseNumbers(ascending(new Set(cpus.map((cpu) => cpu.packageId))))
  const inOrder = [...cpus].sort((a, b) => a.packageId - b.packageId || a.cpu - b.cpu)
  const coreNumbers = denseNumbers(new Set(inOrder.map((cpu) => cpu.coreKey)))
  const members = Map.groupBy(inOrder, (cpu) => cpu.coreKey)
  return inOrder
    .map((cpu) => ({
      ...cpu,
      package: packageNumbers.get(cpu.packageId) ?? 0,
      physicalCore: coreNumbers.get(cpu.coreKey) ?? 0,
      siblings: (members.get(cpu.coreKey) ?? []).map((member) => member.cpu).filter((other) => other !== cpu.cpu),
    }))
    .sort((a, b) => a.package - b.package || a.physicalCore - b.physicalCore || a.cpu - b.cpu)
}

function denseNumbers<T>(inOrder: Iterable<T>): Map<T, number> {
  return new Map([...inOrder].map((item, index) => [item, index]))
}

function keepAllowed(
  placed: readonly PlacedCpu[],
  allowed: readonly number[] | null,
): { cpus: readonly PlacedCpu[]; notes: readonly string[] } {
  if (allowed === null) return { cpus: placed, notes: [] }
  const mask = new Set(allowed)
  const cpus = placed.filter((cpu) => mask.has(cpu.cpu))
  if (cpus.length === placed.length)
    return { cpus, notes: ['The affinity mask lets this process use every online CPU.'] }
  const machine = formatCpuList(placed.map((cpu) => cpu.cpu))
  if (cpus.length > 0) {
    const kept = nameCpus(cpus.map((cpu) => cpu.cpu))
    return { cpus, notes: [`The affinity mask lets this process use only ${kept} of ${machine}.`] }
  }
  return {
    cpus: placed,
    notes: [`The affinity mask names ${nameCpus(allowed)}, of which none is online (${machine}): it is not used.`],
  }
}
