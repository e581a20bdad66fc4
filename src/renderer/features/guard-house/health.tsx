import { CircleCheck, TriangleAlert } from 'lucide-react'
import type { SystemInfo } from '../../../shared/contract/system.ts'
import { useTelemetry } from '../../client/host-context.tsx'
import { formatPlural } from '../../ui/format.ts'
import styles from './health.module.css'
import { pinningVerdict } from './pinning.ts'
import { useProblems } from './problem-list.tsx'
import { allWorkers } from './worker-view.ts'

/** One sentence: is anything wrong? */
export function Health({ info }: { readonly info: SystemInfo }) {
  const problems = useProblems()
  const pinned = useTelemetry((frame) => {
    const workers = frame === null ? [] : allWorkers(frame).filter((worker) => worker.state !== 'absent')
    const proven = workers.filter((worker) => pinningVerdict(worker) === 'proven').length
    return `${proven} of ${formatPlural(workers.length, 'worker')} seen on the CPU asked for`
  })
  const words = info.affinity.supported ? pinned : 'binding workers to CPUs is not supported on this system'
  return (
    <p className={styles.health} role="status">
      {problems.length === 0 ? (
        <CircleCheck size={14} className={styles.good} aria-hidden="true" />
      ) : (
        <TriangleAlert size={14} className={styles.warn} aria-hidden="true" />
      )}
      {problems.length === 0 ? 'Nothing is wrong' : `${formatPlural(problems.length, 'thing')} to look at`}: {words}
    </p>
  )
}
