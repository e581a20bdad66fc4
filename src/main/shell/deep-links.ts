import type { App } from 'electron'
import { linkScheme, parseDeepLink } from '../../shared/deep-link.ts'
import { reportProblem } from './report-problem.ts'

export interface DeepLinkDependencies {
  readonly app: Pick<App, 'setAsDefaultProtocolClient' | 'on' | 'off'>
  /** Shows a place in the window. */
  readonly show: (route: readonly string[]) => void
  /** How to start this application again; undefined when it is packaged and the system knows. */
  readonly restart: { readonly executable: string; readonly arguments: readonly string[] } | undefined
}

/** Tells the system that links of ours are opened here, and opens those that it hands over (macOS; elsewhere they come as an argument). */
export function setupDeepLinks({ app, show, restart }: DeepLinkDependencies): Disposable {
  const claimed =
    restart === undefined
      ? app.setAsDefaultProtocolClient(linkScheme)
      : app.setAsDefaultProtocolClient(linkScheme, restart.executable, [...restart.arguments])
  if (!claimed) reportProblem('links of Guardhouse are not opened here', new Error('the system refused'))
  const open = (event: { preventDefault(): void }, url: string) => {
    event.preventDefault()
    const route = parseDeepLink(url)
    if (route !== null) show(route)
  }
  app.on('open-url', open)
  return { [Symbol.dispose]: () => void app.off('open-url', open) }
}
