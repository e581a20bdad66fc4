import { useEffect } from 'react'
import { isPageCommand } from '../../shared/app-commands.ts'
import { toErrorData } from '../../shared/errors.ts'
import { useGatePaused } from '../client/gate.ts'
import { useHost } from '../client/host-context.tsx'
import { useToasts } from '../ui/toast.tsx'
import { useCommand, useCommandRegistry } from './command-registry-context.tsx'
import type { Overlay } from './frame.tsx'
import type { PageDefinition } from './page.ts'
import { useRouter } from './router-context.tsx'
import { useSchedulerCommands } from './scheduler-commands.tsx'
import { useTheme } from './theme-context.tsx'
import { useRunSample } from './workspace/run-sample.ts'
import { useWorkspaceActions } from './workspace/workspace-actions.ts'

/** Says what every command of the application's list does, and listens to the desktop's menu. */
export function useAppCommands(pages: readonly PageDefinition[], show: (overlay: Overlay) => void): void {
  useGoCommands(pages)
  useSchedulerAppCommands()
  useWorkspaceCommands(show)
  const theme = useTheme()
  useCommand('theme.light', { run: () => theme.choose('light') })
  useCommand('theme.dark', { run: () => theme.choose('dark') })
  useCommand('theme.system', { run: () => theme.choose('system') })
  useCommand('palette.open', { run: () => show('palette') })
  useCommand('help.shortcuts', { run: () => show('shortcuts') })
  useNativeMenu()
  useLinks()
}

function useGoCommands(pages: readonly PageDefinition[]): void {
  const registry = useCommandRegistry()
  const router = useRouter()
  useEffect(() => {
    const undo = pages.map((page) => registry.handle(page.command, { run: () => router.go([page.id]) }))
    return () => {
      for (const remove of undo) remove()
    }
  }, [registry, router, pages])
}

function useSchedulerAppCommands(): void {
  const { request, disabledReason } = useSchedulerCommands()
  const paused = useGatePaused()
  const sample = useRunSample()
  const all = { kind: 'all' } as const
  const host = useHost()
  const toasts = useToasts()

  async function watchIdle() {
    try {
      await host.call('watches.add', { target: { kind: 'idle' } })
      toasts.show({ tone: 'good', title: 'You will be told when every token has ended' })
    } catch (error) {
      toasts.show({ tone: 'info', title: 'Nothing to watch', text: toErrorData(error).message })
    }
  }

  useCommand('sample.run', sample)
  useCommand('gate.pause', {
    run: () => request('pause', all),
    disabledReason: disabledReason ?? (paused === true ? 'Admission is paused already.' : null),
  })
  useCommand('gate.resume', {
    run: () => request('resume', all),
    disabledReason: disabledReason ?? (paused === false ? 'Admission is not paused.' : null),
  })
  useCommand('watch.idle', { run: () => void watchIdle() })
  useCommand('pool.drain', { run: () => request('drain', all), disabledReason })
  useCommand('pool.killAll', { run: () => request('kill', all), disabledReason })
}

function useWorkspaceCommands(show: (overlay: Overlay) => void): void {
  const workspace = useWorkspaceActions()
  const { disabledReason } = workspace
  useCommand('workspace.open', { run: () => workspace.choose(() => show('open-folder')), disabledReason })
  useCommand('workspace.openSample', { run: () => void workspace.openSample(), disabledReason })
  useCommand('workspace.reload', {
    run: () => void workspace.reload(),
    disabledReason: disabledReason ?? workspace.reloadBlock,
  })
}

/** Links that other programs open: the desktop hands them over. */
function useLinks(): void {
  const router = useRouter()
  useEffect(() => window.guardhouse?.onOpenRoute((route) => router.go(route)), [router])
}

function useNativeMenu(): void {
  const registry = useCommandRegistry()
  const toasts = useToasts()
  useEffect(
    () =>
      window.guardhouse?.onMenuCommand((command) => {
        if (!isPageCommand(command)) return
        const result = registry.run(command)
        if (!result.ran) toasts.show({ tone: 'info', title: 'Not now', text: result.reason })
      }),
    [registry, toasts],
  )
}
