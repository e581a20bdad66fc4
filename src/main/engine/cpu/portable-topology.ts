import type { MachineFacts } from './machine-facts.ts'
import type { TopologySource } from './topology-source.ts'

/**
 * What Node tells on every platform: how many CPUs, and their model. Whatever it does not tell is counted the plain
 * way (one package, every CPU a physical core of its own), and said in the notes.
 */
export function readPortableFacts(source: TopologySource, reason?: string): MachineFacts {
  const models = source.cpuModels()
  const count = Math.max(1, models.length, source.availableParallelism())
  return {
    cpus: Array.from({ length: count }, (_, cpu) => ({
      cpu,
      packageId: 0,
      coreKey: `cpu${cpu}`,
      kind: 'unknown' as const,
    })),
    allowed: null,
    sharedCaches: [],
    quotaCores: null,
    model: models[0]?.trim() || 'unknown',
    notes: [
      ...(reason === undefined ? [] : [reason]),
      `On ${source.platform} only the number of CPUs is known here: each is counted as a physical core of one package.`,
      'SMT siblings, shared caches, core kinds, the affinity mask and a CPU quota are not known.',
    ],
  }
}
