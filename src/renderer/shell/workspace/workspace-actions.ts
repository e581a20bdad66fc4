import { useMemo } from 'react'
import type { WorkspaceInfo } from '../../../shared/contract/operations.ts'
import { toErrorData } from '../../../shared/errors.ts'
import { useFacts, useHost } from '../../client/host-context.tsx'
import { useWriteBlock } from '../../client/write-block.ts'
import { useToasts } from '../../ui/toast.tsx'

/** What can be done with the workspace. What goes wrong comes as a toast; the promises never reject. */
export interface WorkspaceActions {
  /** Null when it went wrong. */
  open(path: string): Promise<WorkspaceInfo | null>
  openSample(): Promise<WorkspaceInfo | null>
  trust(path: string): Promise<WorkspaceInfo | null>
  reload(): Promise<WorkspaceInfo | null>
  /** Asks for a folder: with the system's dialog in the desktop, else by calling `askForPath`. */
  choose(askForPath: () => void): void
  /** Why none of them can be used now; null when they can. */
  readonly disabledReason: string | null
  /** Why there is nothing to reload; null when there is. */
  readonly reloadBlock: string | null
}

export function useWorkspaceActions(): WorkspaceActions {
  const host = useHost()
  const toasts = useToasts()
  const disabledReason = useWriteBlock()
  const path = useFacts((facts) => facts.workspace?.path ?? null)
  return useMemo(() => {
    async function take(answer: Promise<WorkspaceInfo>): Promise<WorkspaceInfo | null> {
      try {
        const workspace = await answer
        host.facts.setWorkspace(workspace)
        return workspace
      } catch (error) {
        const { message, hint } = toErrorData(error)
        toasts.show({ tone: 'bad', title: message, text: hint })
        return null
      }
    }
    const open = (folder: string) => take(host.call('workspace.open', { path: folder }))
    return {
      open,
      openSample: () => take(host.call('workspace.openSample', {})),
      trust: (folder) => take(host.call('workspace.trust', { path: folder })),
      reload: () => take(host.call('workspace.reload', {})),
      choose(askForPath) {
        const bridge = window.guardhouse
        if (bridge === undefined) askForPath()
        else
          void bridge.chooseFolder().then((folder) => {
            if (folder !== null) return open(folder)
          })
      },
      disabledReason,
      reloadBlock: path === null ? 'No workspace is open.' : null,
    }
  }, [host, toasts, disabledReason, path])
}
