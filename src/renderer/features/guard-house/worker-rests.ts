import type { SystemInfo } from '../../../shared/contract/system.ts'
import { useQuery } from '../../client/host-context.tsx'
import { useEvery } from '../../client/use-every.ts'

const lookEveryMs = 1000

/** The share of the time, in percent, that all workers are held to; null where they are not. */
export function workerQuotaOf({ options }: SystemInfo): number | null {
  const value = (name: string) => options.find((option) => option.name === name)?.value
  const quotaPct = value('cpuQuotaPct')
  return value('cpuQuotaScope') === 'workers' && typeof quotaPct === 'number' && quotaPct < 100 ? quotaPct : null
}

/** By core: how much longer its workers begin nothing because of the quota, milliseconds. Empty while there is none. */
export function useWorkerRests(info: SystemInfo): ReadonlyMap<number, number> {
  const { data, refresh } = useQuery('throttle.status', {}, { onEvents: ['options-changed'] })
  useEvery(workerQuotaOf(info) === null ? null : lookEveryMs, refresh)
  return new Map(data?.cpu.resting.map(({ core, restMs }) => [core, restMs]))
}
