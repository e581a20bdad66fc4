import type { SystemInfo } from '../../../shared/contract/system.ts'
import { formatBytes } from '../../ui/format.ts'

type Topology = SystemInfo['topology']
type CoreInfo = Topology['cores'][number]

/** Cores that lie side by side and have something in common. */
export interface CoreRun {
  /** Positions in `topology.cores`, also those of the columns in telemetry frames. */
  readonly first: number
  readonly length: number
}

export interface CacheRun extends CoreRun {
  /** Such as `L3 32.0 MiB`. */
  readonly label: string
}

export interface PackageGroup extends CoreRun {
  readonly package: number
  /** SMT siblings; only runs of more than one core. */
  readonly siblings: readonly CoreRun[]
  /** The largest cache that does not span everything alone; runs of more than one core. */
  readonly caches: readonly CacheRun[]
}

/** Orders cores as the machine is built: packages, in them caches, in them physical cores with their siblings. */
export function groupCores(topology: Topology): readonly PackageGroup[] {
  return runsOf(topology.cores, 0, topology.cores.length, (core) => core.package).map((run) => ({
    ...run,
    package: topology.cores[run.first]?.package ?? 0,
    siblings: runsOf(topology.cores, run.first, run.length, (core) => core.physicalCore).filter(isShared),
    caches: cacheRuns(topology, run),
  }))
}

function cacheRuns(topology: Topology, run: CoreRun): readonly CacheRun[] {
  const own = topology.cores.slice(run.first, run.first + run.length)
  const outermost = Math.max(
    0,
    ...topology.sharedCaches.filter((cache) => spansCores(cache, own)).map((cache) => cache.level),
  )
  if (outermost === 0) return []
  const caches = topology.sharedCaches.filter((cache) => cache.level === outermost)
  const cacheOf = (core: CoreInfo) => caches.findIndex((cache) => cache.cpus.includes(core.cpu))
  return runsOf(topology.cores, run.first, run.length, cacheOf).flatMap((cores) => {
    const core = topology.cores[cores.first]
    const cache = core === undefined ? undefined : caches[cacheOf(core)]
    if (cache === undefined || !isShared(cores)) return []
    const size = cache.sizeKiB === null ? '' : ` ${formatBytes(cache.sizeKiB * 1024)}`
    return [{ ...cores, label: `L${cache.level}${size}` }]
  })
}

/** A cache that only the siblings of one physical core share says no more than that they are siblings. */
function spansCores(cache: Topology['sharedCaches'][number], cores: readonly CoreInfo[]): boolean {
  return new Set(cores.filter((core) => cache.cpus.includes(core.cpu)).map((core) => core.physicalCore)).size > 1
}

function runsOf(
  cores: readonly CoreInfo[],
  first: number,
  length: number,
  key: (core: CoreInfo) => number,
): readonly CoreRun[] {
  const runs: { first: number; length: number }[] = []
  let lastKey: number | undefined
  cores.slice(first, first + length).forEach((core, offset) => {
    const run = runs.at(-1)
    const coreKey = key(core)
    if (run !== undefined && coreKey === lastKey) run.length += 1
    else runs.push({ first: first + offset, length: 1 })
    lastKey = coreKey
  })
  return runs
}

function isShared(run: CoreRun): boolean {
  return run.length > 1
}

/** `performance` is P, `efficiency` is E; nothing where the machine does not tell. */
export function coreKindMark(core: CoreInfo): { readonly mark: string; readonly words: string } | null {
  if (core.kind === 'performance') return { mark: 'P', words: 'performance core' }
  if (core.kind === 'efficiency') return { mark: 'E', words: 'efficiency core' }
  return null
}
