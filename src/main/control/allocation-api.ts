import type { allocationProcedures } from '../../shared/contract/allocation.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import type { HostScheduler } from './engine-surface.ts'
import type { HostApi } from './host-api.ts'

/** `setOptions` is what a person does on the page of settings: audited, told to every window and kept. */
export function createAllocationApi(
  { allocation }: Pick<HostScheduler, 'allocation'>,
  setOptions: HostApi['options.set'],
): Pick<HostApi, keyof typeof allocationProcedures> {
  return {
    'allocation.report': () => allocation.report(),

    'allocation.apply': async ({ heapMiB, reason }, caller) => {
      const { limitMiB: before, proposal } = allocation.report()
      if (proposal.heapMiB !== heapMiB || heapMiB === before) {
        const now = proposal.heapMiB === before ? 'none' : `${proposal.heapMiB} MiB`
        throw new GuardhouseError('conflict', `a heap of ${heapMiB} MiB is not what is proposed; that is ${now}`, {
          hint: 'Look at the proposal again, or set the option workerHeapMiB.',
        })
      }
      const words = reason === '' ? proposal.reason : reason
      const { auditId } = await setOptions({ changes: { workerHeapMiB: heapMiB }, reason: words }, caller)
      return { limitMiB: heapMiB, before, auditId }
    },
  }
}
