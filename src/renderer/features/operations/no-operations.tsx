import { FolderOpen, FolderX, LoaderCircle, ShieldQuestion } from 'lucide-react'
import { useFacts } from '../../client/host-context.tsx'
import { useWorkspaceActions } from '../../shell/workspace/workspace-actions.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'

/** Why there is no operation, and the one thing to do about it. */
export function NoOperations() {
  const workspace = useFacts((facts) => facts.workspace)
  const actions = useWorkspaceActions()
  const path = workspace?.path ?? ''
  switch (workspace?.state) {
    case undefined:
      return null
    case 'none':
      return (
        <EmptyState
          icon={<FolderOpen size={24} aria-hidden="true" />}
          title="No workspace is open"
          action={
            <Button variant="primary" disabledReason={actions.disabledReason} onClick={() => void actions.openSample()}>
              Open the sample workspace
            </Button>
          }
        >
          A workspace is a folder; every *.ops.ts, .mts, .js and .mjs file in it declares operations that can be run
          here.
        </EmptyState>
      )
    case 'untrusted':
      return (
        <EmptyState
          icon={<ShieldQuestion size={24} aria-hidden="true" />}
          title="This folder is not trusted yet"
          action={
            <Button disabledReason={actions.disabledReason} onClick={() => void actions.trust(path)}>
              Trust the folder
            </Button>
          }
        >
          Its code would run on this machine with your rights. Nothing of <code>{path}</code> is loaded until you trust
          it.
        </EmptyState>
      )
    case 'loading':
      return (
        <EmptyState icon={<LoaderCircle size={24} aria-hidden="true" />} title="The modules are being read">
          Operations appear here as soon as they are known.
        </EmptyState>
      )
    case 'failed':
      return (
        <EmptyState
          icon={<FolderX size={24} aria-hidden="true" />}
          title="The workspace cannot be read"
          action={<Button onClick={() => void actions.reload()}>Try again</Button>}
        >
          {workspace.error === null ? path : <ErrorNotice error={workspace.error} />}
        </EmptyState>
      )
    case 'ready':
      return (
        <EmptyState
          icon={<FolderOpen size={24} aria-hidden="true" />}
          title="No operations in this folder"
          action={<Button onClick={() => void actions.reload()}>Read it again</Button>}
        >
          Wrap a function with taskTokenGuard in a file named *.ops.ts in <code>{path}</code>; it appears here when the
          file is saved.
        </EmptyState>
      )
  }
}
