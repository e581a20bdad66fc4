import { CircleCheck, TriangleAlert } from 'lucide-react'
import type { SystemInfo } from '../../../shared/contract/system.ts'
import { useConnection, useTelemetry } from '../../client/host-context.tsx'
import { formatPlural } from '../../ui/format.ts'
import styles from './health.module.css'
import { pinningVerdict } from './pinning.ts'
import { useProblems } from './problem-list.tsx'
import { allWorkers } from './worker-view.ts'

/** One sentence: is anything wrong? */
export function Health({ info }: { readonly info: SystemInfo }) {
  const connected = useConnection((state) => state.status === 'connected')
  const problems = useProblems()
  const measured = useTelemetry((frame) => frame !== null)
  const pinned = useTelemetry((frame) => {
    const all = frame === null ? [] : allWorkers(frame).filter((worker) => worker.state !== 'absent')
    const workers = all.filter((worker) => worker.state !== 'starting' && worker.state !== 'replacing')
    if (all.length === 0) return 'no worker has been needed yet'
    const starting = all.length - workers.length
    const proven = workers.filter((worker) => pinningVerdict(worker) === 'proven').length
    const seen = `${proven} of ${formatPlural(workers.length, 'worker')} seen on the CPU asked for`
    return starting === 0 ? seen : `${seen}, ${starting} starting`
  })
  const words = info.affinity.supported ? pinned : 'binding workers to CPUs is not supported on this system'
  const well = connected && problems.length === 0
  const count = problems.length === 0 ? 'All is well' : `${formatPlural(problems.length, 'thing')} to look at`
  // Before the first measurement nobody knows whether all is well.
  if (!measured) return null
  return (
    <p className={styles.health} role="status">
      {well ? (
        <CircleCheck size={14} className={styles.good} aria-hidden="true" />
      ) : (
        <TriangleAlert size={14} className={styles.warn} aria-hidden="true" />
      )}
      {connected ? count : 'When last heard of'} · {words}
    </p>
  )
}
