import type { throttleProcedures } from '../../shared/contract/throttle.ts'
import type { DiskQuotaWatch } from '../engine/throttle/disk-quota-watch.ts'
import type { ThrottleOptions } from '../engine/throttle/throttle-options.ts'
import type { WorkerQuota } from '../engine/throttle/worker-quota.ts'
import type { HostApi } from './host-api.ts'

export interface ThrottleApiParts {
  readonly options: () => ThrottleOptions
  readonly cores: readonly { readonly core: number }[]
  /** Null where workers know no quota. */
  readonly workerQuota: WorkerQuota | null
  /** Null where nothing is kept on the disk. */
  readonly diskQuota: DiskQuotaWatch | null
}

export function createThrottleApi(parts: ThrottleApiParts): Pick<HostApi, keyof typeof throttleProcedures> {
  const { options, cores, workerQuota, diskQuota } = parts
  return {
    'throttle.status': () => {
      const { cpuQuotaPct: quotaPct, cpuQuotaScope: scope } = options()
      const rests = scope === 'workers' && quotaPct < 100
      const resting = cores
        .map(({ core }) => ({ core, restMs: rests ? (workerQuota?.restMs(core) ?? 0) : 0 }))
        .filter(({ restMs }) => restMs > 0)
      return { cpu: { quotaPct, scope, resting }, disk: diskQuota?.report() ?? null }
    },
  }
}
