import { useState } from 'react'
import type { WorkspaceInfo } from '../../../shared/contract/operations.ts'
import { useFacts } from '../../client/host-context.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Notice } from '../../ui/notice.tsx'
import bannerStyles from '../banner.module.css'
import { useWorkspaceActions } from './workspace-actions.ts'
import styles from './workspace-banner.module.css'

/** On every page: a workspace that asks for trust, or one that cannot be read. */
export function WorkspaceBanner() {
  const workspace = useFacts((facts) => facts.workspace)
  const [putOff, setPutOff] = useState<string | null>(null)
  if (workspace === null || workspace.path === null) return null
  if (workspace.state === 'untrusted') {
    return workspace.path === putOff ? (
      <PutOff onReview={() => setPutOff(null)} />
    ) : (
      <TrustRequest path={workspace.path} onNotNow={() => setPutOff(workspace.path)} />
    )
  }
  return workspace.state === 'failed' ? <UnreadableWorkspace workspace={workspace} /> : null
}

function TrustRequest({ path, onNotNow }: { readonly path: string; readonly onNotNow: () => void }) {
  const actions = useWorkspaceActions()
  const [trusting, setTrusting] = useState(false)
  return (
    <section className={bannerStyles.banner} aria-label="Trust this workspace">
      <Notice
        tone="warn"
        title="Do you trust the code in this folder?"
        actions={
          <>
            <Button variant="quiet" onClick={onNotNow}>
              Not now
            </Button>
            <Button
              variant="primary"
              disabledReason={actions.disabledReason ?? (trusting ? 'Its operations are being read.' : null)}
              onClick={() => {
                setTrusting(true)
                void actions.trust(path).finally(() => setTrusting(false))
              }}
            >
              Trust and load
            </Button>
          </>
        }
      >
        <p className={styles.path}>{path}</p>
        <p>
          Its operations run on this machine with your rights: they can read your files and use your network. Nothing of
          it has been loaded yet. Trust it if you wrote it or know who did.
        </p>
      </Notice>
    </section>
  )
}

function PutOff({ onReview }: { readonly onReview: () => void }) {
  return (
    <section className={bannerStyles.banner} aria-label="Workspace not trusted">
      <Notice
        tone="info"
        title="This workspace is not trusted, so nothing of it is loaded."
        actions={
          <Button size="small" onClick={onReview}>
            Decide now
          </Button>
        }
      />
    </section>
  )
}

function UnreadableWorkspace({ workspace }: { readonly workspace: WorkspaceInfo }) {
  const actions = useWorkspaceActions()
  return (
    <section className={bannerStyles.banner} aria-label="Workspace failed">
      <ErrorNotice
        error={
          workspace.error ?? { kind: 'module-failed', message: `the workspace ${workspace.path ?? ''} cannot be read` }
        }
        actions={
          <Button size="small" disabledReason={actions.disabledReason} onClick={() => void actions.reload()}>
            Read it again
          </Button>
        }
      />
    </section>
  )
}
