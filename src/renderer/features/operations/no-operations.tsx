import { FolderOpen, LoaderCircle } from 'lucide-react'
import { useFacts } from '../../client/host-context.tsx'
import { useWorkspaceActions } from '../../shell/workspace/workspace-actions.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import styles from './no-operations.module.css'

const example = `import { taskTokenGuard } from 'guardhouse'

const guard = taskTokenGuard({ operationType: 'math.sum' })
export const sum = guard((a: number, b: number) => a + b)
`

/** Why the workspace has no operation, and the one thing to do about it. */
export function NoOperations() {
  const workspace = useFacts((facts) => facts.workspace)
  const actions = useWorkspaceActions()
  switch (workspace?.state) {
    case undefined:
    // What is asked for or wrong stands above every page.
    case 'untrusted':
    case 'failed':
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
    case 'loading':
      return (
        <EmptyState icon={<LoaderCircle size={24} aria-hidden="true" />} title="The modules are being read">
          Operations appear here as soon as they are known.
        </EmptyState>
      )
    case 'ready':
      // Modules that do not load are listed with their errors.
      if (workspace.modules.length > 0) return null
      return (
        <EmptyState icon={<FolderOpen size={24} aria-hidden="true" />} title="No operations in this folder">
          Save this as <code>math.ops.ts</code> in <code>{workspace.path}</code>, and it appears here.
          <div className={styles.example}>
            <pre>{example}</pre>
            <CopyButton label="Copy the example" text={() => example} />
          </div>
        </EmptyState>
      )
  }
}
