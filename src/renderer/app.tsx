import { CSPProvider } from '@base-ui/react/csp-provider'
import type { Host } from './client/host.ts'
import { HostProvider } from './client/host-context.tsx'
import { activityPage } from './features/activity/index.ts'
import { busPage } from './features/bus/index.ts'
import { consolePage } from './features/console/index.ts'
import { convergencePage } from './features/convergence/index.ts'
import { guardHousePage } from './features/guard-house/index.ts'
import { operationsPage } from './features/operations/index.ts'
import { receiptsPage } from './features/receipts/index.ts'
import { settingsPage } from './features/settings/index.ts'
import { storagePage } from './features/storage/index.ts'
import { tokensPage } from './features/tokens/index.ts'
import { TraceImport, workflowsPage } from './features/workflows/index.ts'
import type { CommandRegistry } from './shell/command-registry.ts'
import { CommandRegistryProvider } from './shell/command-registry-context.tsx'
import { Frame } from './shell/frame.tsx'
import type { PageDefinition } from './shell/page.ts'
import type { Router } from './shell/router.ts'
import { RouterProvider } from './shell/router-context.tsx'
import { SchedulerCommandsProvider } from './shell/scheduler-commands.tsx'
import type { Theme } from './shell/theme.ts'
import { ThemeProvider } from './shell/theme-context.tsx'
import { ToastProvider } from './ui/toast.tsx'
import { TooltipProvider } from './ui/tooltip.tsx'

export interface AppProps {
  readonly host: Host
  readonly router: Router
  readonly registry: CommandRegistry
  readonly theme: Theme
  readonly platform: string
}

/** In the order of the navigation. */
const pages: readonly [PageDefinition, ...PageDefinition[]] = [
  guardHousePage,
  tokensPage,
  operationsPage,
  workflowsPage,
  convergencePage,
  busPage,
  consolePage,
  receiptsPage,
  storagePage,
  activityPage,
  settingsPage,
]

export function App({ host, router, registry, theme, platform }: AppProps) {
  return (
    // Our content security policy allows no <style> elements; ui/base.css has the few rules that they would bring.
    <CSPProvider disableStyleElements>
      <HostProvider host={host}>
        <RouterProvider router={router}>
          <ThemeProvider theme={theme}>
            <CommandRegistryProvider registry={registry}>
              <TooltipProvider>
                <ToastProvider>
                  <TraceImport>
                    <SchedulerCommandsProvider>
                      <Frame pages={pages} platform={platform} />
                    </SchedulerCommandsProvider>
                  </TraceImport>
                </ToastProvider>
              </TooltipProvider>
            </CommandRegistryProvider>
          </ThemeProvider>
        </RouterProvider>
      </HostProvider>
    </CSPProvider>
  )
}
