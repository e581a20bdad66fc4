import type { SystemInfo } from '../../../shared/contract/system.ts'
import { Facts } from '../../ui/facts.tsx'
import { formatPlural } from '../../ui/format.ts'
import styles from './machine-section.module.css'
import { SettingsSection } from './settings-section.tsx'

export function MachineSection({ info }: { readonly info: SystemInfo }) {
  const { topology, affinity } = info
  return (
    <SettingsSection title="Machine" text="What the host found, and where each fact comes from.">
      <Facts
        facts={[
          { label: 'Processor', value: topology.model },
          {
            label: 'Cores',
            value: `${topology.cores.length} of ${formatPlural(topology.logicalCpus, 'logical CPU')} may be used; ${formatPlural(topology.physicalCores, 'physical core')} in ${formatPlural(topology.packages, 'package')}`,
          },
          {
            label: 'Worth keeping busy',
            value: `${formatPlural(topology.usableCores, 'core')}${topology.quotaCores === null ? '' : `, because CPU time is limited to ${topology.quotaCores} cores`}`,
          },
          {
            label: 'Binding to CPUs',
            value: affinity.supported
              ? `supported, through ${affinity.name}`
              : `not supported on this system (${affinity.name})`,
          },
        ]}
      />
      <ul className={styles.notes}>
        {[...(affinity.note === null ? [] : [affinity.note]), ...topology.notes].map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </SettingsSection>
  )
}
