import { useMemo } from 'react'
import type { WorkspaceInfo } from '../../../shared/contract/operations.ts'
import { GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import type { Host } from '../../client/host.ts'
import { useHost } from '../../client/host-context.tsx'
import { useWriteBlock } from '../../client/write-block.ts'
import { formatPlural } from '../../ui/format.ts'
import { useToasts } from '../../ui/toast.tsx'
import { useRouter } from '../router-context.tsx'
import { samplePlan } from './sample-plan.ts'

/** Loading a workspace starts a thread and reads its modules; longer than this it is stuck. */
const loadMs = 20_000

export interface RunSample {
  readonly run: () => void
  readonly disabledReason: string | null
}

/** Opens the sample workspace if another one is open, and submits its tokens. How it went comes as a toast. */
export function useRunSample(): RunSample {
  const host = useHost()
  const toasts = useToasts()
  const router = useRouter()
  const disabledReason = useWriteBlock()
  return useMemo(
    () => ({
      disabledReason,
      run() {
        submitSample(host).then(
          ({ tokens, operations }) =>
            toasts.show({
              tone: 'good',
              title: 'The sample is running',
              text: `${formatPlural(tokens, 'token')} of ${formatPlural(operations, 'operation')} submitted.`,
              action: { label: 'Show tokens', run: () => router.go(['tokens']) },
            }),
          (error: unknown) => {
            const { message, hint } = toErrorData(error)
            toasts.show({ tone: 'bad', title: `The sample cannot run: ${message}`, text: hint })
          },
        )
      },
    }),
    [host, toasts, router, disabledReason],
  )
}

async function submitSample(host: Host): Promise<{ readonly tokens: number; readonly operations: number }> {
  await openSample(host)
  const { operations } = await host.call('operations.list', {})
  const available = new Set(
    operations.filter((entry) => entry.availability === 'available').map((entry) => entry.operation),
  )
  const steps = samplePlan.filter((step) => available.has(step.operation))
  if (steps.length === 0) {
    throw new GuardhouseError('not-found', 'the sample workspace has none of its operations', {
      hint: 'Look at its modules on the Operations page.',
    })
  }
  const submitted = await Promise.all(steps.map((step) => host.call('tokens.submitMany', step)))
  return { tokens: submitted.reduce((sum, { count }) => sum + count, 0), operations: steps.length }
}

async function openSample(host: Host): Promise<void> {
  const { workspace } = host.facts.store.getState()
  if (isSampleReady(workspace)) return
  host.facts.setWorkspace(await host.call('workspace.openSample', {}))
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => end(new GuardhouseError('timeout', 'the sample workspace does not load')), loadMs)
    const stop = host.facts.store.subscribe((facts) => look(facts.workspace))
    function end(error: GuardhouseError | null) {
      clearTimeout(late)
      stop()
      if (error === null) resolve()
      else reject(error)
    }
    function look(now: WorkspaceInfo | null) {
      if (isSampleReady(now)) end(null)
      else if (now?.state === 'failed')
        end(new GuardhouseError('module-failed', now.error?.message ?? 'it does not load'))
    }
    look(host.facts.store.getState().workspace)
  })
}

function isSampleReady(workspace: WorkspaceInfo | null): boolean {
  return workspace?.sample === true && workspace.state === 'ready'
}
