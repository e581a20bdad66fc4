import { useMemo } from 'react'
import type { SystemInfo } from '../../../shared/contract/system.ts'
import { useTelemetry } from '../../client/host-context.tsx'
import { groupCores, type PackageGroup } from './core-groups.ts'
import { CoreLane } from './core-lane.tsx'
import styles from './core-lanes.module.css'
import { bracketsAt } from './lane-brackets.ts'
import { useWorkerRests } from './worker-rests.ts'
import { slotsOfCore } from './worker-view.ts'

export interface CoreLanesProps {
  readonly info: SystemInfo
  /** Core numbers to show; all of them when left out. */
  readonly only?: readonly number[]
}

/** One lane per core with its workers, in the order of the machine: package, shared cache, physical core, sibling. */
export function CoreLanes({ info, only }: CoreLanesProps) {
  const { topology } = info
  const groups = useMemo(() => groupCores(only === undefined ? topology : restrict(topology, only)), [topology, only])
  const cores = only === undefined ? topology.cores : restrict(topology, only).cores
  const rows = useRowsPerCore(cores)
  const mostWorkers = workersPerCore(info)
  const rests = useWorkerRests(info)
  return (
    <table className={styles.lanes}>
      <caption className="visually-hidden">Cores and their workers</caption>
      <Header />
      {groups.map((group) => (
        <tbody key={group.package}>
          {groups.length > 1 ? <PackageRow group={group} /> : null}
          {cores.slice(group.first, group.first + group.length).map((core, offset) => (
            <CoreLane
              key={core.core}
              core={core}
              rows={rows[group.first + offset] ?? 1}
              brackets={bracketsAt(group, group.first + offset, rows)}
              pinning={info.affinity.supported}
              mostWorkers={mostWorkers}
              restMs={rests.get(core.core) ?? 0}
            />
          ))}
        </tbody>
      ))}
    </table>
  )
}

function Header() {
  return (
    <thead>
      <tr>
        <th scope="col" className={styles.bracketColumn}>
          <span className="visually-hidden">Shared cache</span>
        </th>
        <th scope="col" className={styles.bracketColumn}>
          <span className="visually-hidden">Physical core</span>
        </th>
        <th scope="col" className={styles.coreColumn}>
          Core
        </th>
        <th scope="col" className={styles.stripColumn}>
          Last minute
        </th>
        <th scope="col" className={styles.patternColumn}>
          Workers used
        </th>
        <th scope="col" className={styles.slotColumn}>
          Slot
        </th>
        <th scope="col" className={styles.pinColumn}>
          <span className={styles.pinHeader}>
            <span>Asked</span> <span>Confirmed</span> <span>Last</span>
          </span>
        </th>
        <th scope="col" className={styles.stateColumn}>
          State
        </th>
        <th scope="col" className={styles.mailboxColumn}>
          Mailbox
        </th>
        <th scope="col">Running</th>
        <th scope="col" className={styles.countColumn}>
          Executed
        </th>
        <th scope="col" className={styles.countColumn}>
          Restarts
        </th>
      </tr>
    </thead>
  )
}

function PackageRow({ group }: { readonly group: PackageGroup }) {
  return (
    <tr>
      <th scope="rowgroup" colSpan={12} className={styles.package}>
        Package {group.package}
      </th>
    </tr>
  )
}

/** A row for every worker that routing may use or that is there; changes seldom. */
function useRowsPerCore(cores: SystemInfo['topology']['cores']): readonly number[] {
  const key = useTelemetry((frame) =>
    cores.map((core) => (frame === null ? 1 : slotsOfCore(frame, core.core))).join(' '),
  )
  return useMemo(() => key.split(' ').map(Number), [key])
}

function restrict(topology: SystemInfo['topology'], only: readonly number[]): SystemInfo['topology'] {
  return { ...topology, cores: topology.cores.filter((core) => only.includes(core.core)) }
}

/** How many workers a core can have; null when this host does not say. */
function workersPerCore(info: SystemInfo): number | null {
  const value = info.options.find((option) => option.name === 'workersPerCore')?.value
  return typeof value === 'number' ? value : null
}
