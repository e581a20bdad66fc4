import { useMemo } from 'react'
import type { WorkspaceInfo } from '../../../shared/contract/operations.ts'
import { GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import type { Host } from '../../client/host.ts'
import { useHost } from '../../client/host-context.tsx'
import { useWriteBlock } from '../../client/write-block.ts'
import { type Toasts, useToasts } from '../../ui/toast.tsx'
import type { Router } from '../router.ts'
import { useRouter } from '../router-context.tsx'
import { describeSampleOutcome } from './sample-outcome.ts'

/** The operation of the sample workspace that runs all the others and checks their results. */
const sampleOperation = 'sample.run'

/** Loading a workspace starts a thread and reads its modules; longer than this it is stuck. */
const loadMs = 20_000

export interface RunSample {
  readonly run: () => void
  readonly disabledReason: string | null
}

/** Opens the sample workspace if another one is open, and runs it. That it runs and how it ended come as toasts. */
export function useRunSample(): RunSample {
  const host = useHost()
  const toasts = useToasts()
  const router = useRouter()
  const disabledReason = useWriteBlock()
  return useMemo(
    () => ({ disabledReason, run: () => void runSample(host, toasts, router) }),
    [host, toasts, router, disabledReason],
  )
}

async function runSample(host: Host, toasts: Toasts, router: Router): Promise<void> {
  try {
    await openSample(host)
    const { id } = await host.call('tokens.submit', { operation: sampleOperation })
    const action = { label: 'Show it', run: () => router.go(['tokens', id]) }
    toasts.show({ tone: 'info', title: 'The sample is running', action })
    toasts.show({ ...describeSampleOutcome(await host.call('tokens.outcome', { id })), action })
  } catch (error) {
    const { kind, message, hint } = toErrorData(error)
    // The frame around the page says that the connection is gone; the sample runs on without us.
    if (kind !== 'disconnected') toasts.show({ tone: 'bad', title: `The sample: ${message}`, text: hint })
  }
}

/** Resolves when the sample workspace is open and loaded. */
async function openSample(host: Host): Promise<void> {
  const { workspace } = host.facts.store.getState()
  if (isSampleReady(workspace)) return
  host.facts.setWorkspace(await host.call('workspace.openSample', {}))
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => {
      end(new GuardhouseError('timeout', 'the sample workspace does not load'))
    }, loadMs)
    const stop = host.facts.store.subscribe((facts) => look(facts.workspace))
    function end(error: GuardhouseError | null) {
      clearTimeout(late)
      stop()
      if (error === null) resolve()
      else reject(error)
    }
    function look(now: WorkspaceInfo | null) {
      if (isSampleReady(now)) end(null)
      else if (now?.state === 'failed') {
        end(new GuardhouseError('module-failed', now.error?.message ?? 'the sample workspace does not load'))
      }
    }
    look(host.facts.store.getState().workspace)
  })
}

function isSampleReady(workspace: WorkspaceInfo | null): boolean {
  return workspace?.sample === true && workspace.state === 'ready'
}
