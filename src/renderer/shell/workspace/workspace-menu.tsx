import { ChevronDown, FolderOpen, Package, RefreshCw } from 'lucide-react'
import type { WorkspaceInfo } from '../../../shared/contract/operations.ts'
import { useFacts } from '../../client/host-context.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu.tsx'
import { folderName } from './folder-name.ts'
import { useWorkspaceActions } from './workspace-actions.ts'
import styles from './workspace-menu.module.css'

/** Which workspace is open, and how to open another. */
export function WorkspaceMenu({ onOpenFolder }: { readonly onOpenFolder: () => void }) {
  const workspace = useFacts((facts) => facts.workspace)
  const actions = useWorkspaceActions()
  const others = (workspace?.recent ?? []).filter((path) => path !== workspace?.path)
  return (
    <Menu
      trigger={
        <Button variant="quiet" icon={<FolderOpen size={14} aria-hidden="true" />} className={styles.trigger}>
          <span className="visually-hidden">Workspace: </span>
          <span className={styles.name}>{workspaceName(workspace)}</span>
          {workspace?.sample === true ? <Badge>sample</Badge> : null}
          <ChevronDown size={12} aria-hidden="true" />
        </Button>
      }
    >
      {workspace?.path === null || workspace === null ? null : <p className={styles.path}>{workspace.path}</p>}
      <MenuItem
        icon={<FolderOpen size={14} aria-hidden="true" />}
        disabledReason={actions.disabledReason}
        onSelect={() => actions.choose(onOpenFolder)}
      >
        Open workspace…
      </MenuItem>
      <MenuItem
        icon={<Package size={14} aria-hidden="true" />}
        disabledReason={actions.disabledReason}
        onSelect={() => void actions.openSample()}
      >
        Open the sample workspace
      </MenuItem>
      <MenuItem
        icon={<RefreshCw size={14} aria-hidden="true" />}
        shortcut={<Kbd keys={['w', 'r']} />}
        disabledReason={actions.disabledReason ?? actions.reloadBlock}
        onSelect={() => void actions.reload()}
      >
        Reload
      </MenuItem>
      {others.length === 0 ? null : <MenuSeparator />}
      {others.map((path) => (
        <MenuItem key={path} disabledReason={actions.disabledReason} onSelect={() => void actions.open(path)}>
          <span className={styles.recent}>{folderName(path)}</span>
          <span className={styles.recentPath}>{path}</span>
        </MenuItem>
      ))}
    </Menu>
  )
}

function workspaceName(workspace: WorkspaceInfo | null): string {
  if (workspace === null) return 'Workspace'
  return workspace.path === null ? 'No workspace' : folderName(workspace.path)
}
