import { CircleCheck, CircleDashed, OctagonAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { WorkspaceInfo } from '../../../shared/contract/operations.ts'
import { useCommandRegistry } from '../../shell/command-registry-context.tsx'
import { useWorkspaceActions } from '../../shell/workspace/workspace-actions.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { formatCount } from '../../ui/format.ts'
import { ModuleError } from '../operations/index.ts'
import { SettingsSection } from './settings-section.tsx'
import styles from './workspace-section.module.css'

export function WorkspaceSection({ workspace }: { readonly workspace: WorkspaceInfo }) {
  const actions = useWorkspaceActions()
  const registry = useCommandRegistry()
  const { path } = workspace
  const failed = workspace.modules.filter((module) => module.state === 'failed')
  return (
    <SettingsSection
      title="Workspace"
      text="A folder of operations. Its code runs only after you have trusted the folder once; trust holds for the path."
    >
      <Facts
        facts={[
          { label: 'Folder', value: path === null ? 'none is open' : <code>{path}</code> },
          { label: 'State', value: <WorkspaceState workspace={workspace} /> },
          {
            label: 'Modules',
            value: `${formatCount(workspace.modules.length - failed.length)} loaded${failed.length === 0 ? '' : `, ${failed.length} failed`}`,
          },
          { label: 'Operations', value: countOperations(workspace) },
        ]}
      />
      {failed.map((module) => (
        <section key={module.module} aria-label={module.module}>
          <h3 className={styles.module}>{module.module}</h3>
          <ModuleError error={module.error ?? { kind: 'module-failed', message: 'no reason is known' }} />
        </section>
      ))}
      <div className={styles.actions}>
        {workspace.state === 'untrusted' && path !== null ? (
          <Button variant="primary" disabledReason={actions.disabledReason} onClick={() => void actions.trust(path)}>
            Trust and load
          </Button>
        ) : null}
        <Button disabledReason={actions.disabledReason} onClick={() => registry.run('workspace.open')}>
          Open another…
        </Button>
        <Button disabledReason={actions.disabledReason ?? actions.reloadBlock} onClick={() => void actions.reload()}>
          Reload
        </Button>
      </div>
    </SettingsSection>
  )
}

const states: Readonly<Record<WorkspaceInfo['state'], { readonly words: string; readonly icon: ReactNode }>> = {
  none: { words: 'none is open', icon: <CircleDashed size={12} aria-hidden="true" /> },
  untrusted: { words: 'not trusted: nothing is loaded', icon: <CircleDashed size={12} aria-hidden="true" /> },
  loading: { words: 'loading', icon: <CircleDashed size={12} aria-hidden="true" /> },
  ready: { words: 'trusted and loaded', icon: <CircleCheck size={12} aria-hidden="true" /> },
  failed: { words: 'cannot be read', icon: <OctagonAlert size={12} aria-hidden="true" /> },
}

function WorkspaceState({ workspace }: { readonly workspace: WorkspaceInfo }) {
  const { words, icon } = states[workspace.state]
  const tone = workspace.state === 'ready' ? 'good' : workspace.state === 'failed' ? 'bad' : 'neutral'
  return (
    <Badge tone={tone} icon={icon}>
      {words}
    </Badge>
  )
}

function countOperations(workspace: WorkspaceInfo): string {
  return formatCount(workspace.modules.reduce((sum, module) => sum + module.operations.length, 0))
}
