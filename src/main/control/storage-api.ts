import { receiptProcedures } from '../../shared/contract/receipts.ts'
import { storageProcedures } from '../../shared/contract/storage.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import type { RetentionPolicy } from '../engine/collection/collectable.ts'
import type { StorageOptions } from '../engine/collection/storage-options.ts'
import type { AuditLog } from './audit-log.ts'
import { audited } from './audited.ts'
import { projectGrowth } from './growth.ts'
import type { HostApi } from './host-api.ts'
import type { Storage } from './storage.ts'

const mebibyte = 1_048_576

export interface StorageApiParts {
  readonly storage: Storage
  readonly audit: AuditLog
  readonly options: () => StorageOptions
}

type StorageProcedures = keyof typeof storageProcedures | keyof typeof receiptProcedures

/** Where nothing is kept on the disk. */
export const withoutStorage = Object.fromEntries(
  Object.keys({ ...receiptProcedures, ...storageProcedures }).map((name) => [
    name,
    () => {
      throw new GuardhouseError('unsupported', 'this host keeps no receipts')
    },
  ]),
) as unknown as Pick<HostApi, StorageProcedures>

interface PolicyInput {
  readonly hotDays?: number | undefined
  readonly warmDays?: number | undefined
  readonly maxTotalMiB?: number | undefined
}

export function createStorageApi({
  storage,
  audit,
  options,
}: StorageApiParts): Pick<HostApi, keyof typeof storageProcedures> {
  return {
    'storage.status': async () => {
      const [{ kinds, problems }, freeBytes] = await Promise.all([
        storage.inventory(),
        storage.receipts.ask('freeBytes', null),
      ])
      const { policy, history, catalog, running, last } = storage
      const { diskFloorMiB, collectNightly, collectHour } = options()
      const floorBytes = diskFloorMiB * mebibyte
      return {
        catalog,
        kinds,
        problems,
        bytes: kinds.reduce((sum, kind) => sum + kind.bytes, 0),
        freeBytes,
        policy,
        floorBytes,
        nightly: collectNightly,
        hour: collectHour,
        running,
        last,
        history: [...history],
        projection: projectGrowth(history, policy.maxTotalBytes, freeBytes - floorBytes),
        now: Date.now(),
      }
    },

    'storage.preview': (input) => storage.preview(policyOf(input)),

    'storage.progress': () => ({ running: storage.running }),

    'storage.collect': async ({ reason, ...input }, caller) => {
      const { result: report, auditId } = await audited(audit, {
        caller,
        action: 'collect storage',
        target: 'everything kept',
        reason,
        run: () => storage.collect(caller.peer.name, policyOf(input)),
        summarise: ({ items, bytes, cancelled, emptiedTotal }) =>
          `${items} files, ${bytes} bytes, ${emptiedTotal} receipts emptied${cancelled ? ', cancelled' : ''}`,
      })
      return { ...report, auditId }
    },

    'storage.cancel': async ({ reason }, caller) => {
      const { result: cancelled, auditId } = await audited(audit, {
        caller,
        action: 'cancel collection',
        target: 'everything kept',
        reason,
        run: () => storage.cancel(),
        summarise: (done) => (done ? 'told to stop' : 'none was running'),
      })
      return { cancelled, auditId }
    },
  }
}

function policyOf({ hotDays, warmDays, maxTotalMiB }: PolicyInput): Partial<RetentionPolicy> {
  return {
    ...(hotDays === undefined ? {} : { hotDays }),
    ...(warmDays === undefined ? {} : { warmDays }),
    ...(maxTotalMiB === undefined ? {} : { maxTotalBytes: maxTotalMiB * mebibyte }),
  }
}
