import { Settings } from 'lucide-react'
import { useFacts } from '../../client/host-context.tsx'
import type { PageDefinition } from '../../shell/page.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { AboutSection } from './about-section.tsx'
import { AllocationSection } from './allocation-section.tsx'
import { AppearanceSection } from './appearance-section.tsx'
import { MachineSection } from './machine-section.tsx'
import { OptionsSection } from './options-section.tsx'
import styles from './settings-page.module.css'
import { WorkspaceSection } from './workspace-section.tsx'

export const settingsPage: PageDefinition = {
  id: 'settings',
  title: 'Settings',
  icon: <Settings size={16} aria-hidden="true" />,
  command: 'go.settings',
  Component: SettingsPage,
}

function SettingsPage() {
  const info = useFacts((facts) => facts.info)
  const workspace = useFacts((facts) => facts.workspace)
  return (
    <>
      <PageHeader title="Settings" />
      <div className={styles.sections}>
        <AppearanceSection />
        {workspace === null ? null : <WorkspaceSection workspace={workspace} />}
        {info === null ? null : (
          <>
            <OptionsSection options={info.options} />
            <AllocationSection />
            <MachineSection info={info} />
            <AboutSection info={info} />
          </>
        )}
      </div>
    </>
  )
}
