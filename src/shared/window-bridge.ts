import type { PageCommandId } from './app-commands.ts'

/**
 * What the desktop's preload gives to its page as `window.guardhouse`: facts and a few functions. Absent in the served
 * app, where the same page speaks to its host over a WebSocket.
 */
export interface WindowBridge {
  readonly facts: WindowFacts
  /**
   * Asks the host for a connection. It arrives as a window message of kind `portMessageKind` that carries one
   * MessagePort, so listen before calling; `requestPort` does both. Rejects when the host refuses.
   */
  connect(): Promise<void>
  /** Opens the system's folder dialog. Null when the person cancels. */
  chooseFolder(): Promise<string | null>
  /** `listener` gets the id of every command chosen in the native menu. Returns what takes it off again. */
  onMenuCommand(listener: (command: PageCommandId) => void): () => void
  /** `listener` gets the route of every link into the window that the system hands over. Returns what takes it off again. */
  onOpenRoute(listener: (route: readonly string[]) => void): () => void
  /** Tells the system's own parts (title bar, menus, dialogs) which theme the person chose. Kept over restarts. */
  setTheme(theme: ThemeChoice): Promise<void>
}

export interface WindowFacts {
  /** As `process.platform` says: linux, win32, darwin. */
  readonly platform: string
  readonly host: 'desktop'
}

export const themeChoices = ['light', 'dark', 'system'] as const
export type ThemeChoice = (typeof themeChoices)[number]

/** Property of the page's global object. */
export const bridgeName = 'guardhouse'

/** `data.kind` of the window message that carries a port. */
export const portMessageKind = 'guardhouse.port'

/** Query of the page's address after the window's process had crashed and the page was loaded anew. */
export const recoveredQuery = '?recovered'

/** Channels between the preload and the shell thread. No other channel exists. */
export const shellChannels = {
  connect: 'guardhouse:connect',
  port: 'guardhouse:port',
  chooseFolder: 'guardhouse:choose-folder',
  menuCommand: 'guardhouse:menu-command',
  openRoute: 'guardhouse:open-route',
  setTheme: 'guardhouse:set-theme',
} as const

declare global {
  interface Window {
    readonly guardhouse?: WindowBridge
  }
}

/** A new connection to the host, as an unstarted port. Rejects when the host refuses. */
export async function requestPort(bridge: WindowBridge, page: Window): Promise<MessagePort> {
  const listening = new AbortController()
  const port = new Promise<MessagePort>((resolve) => {
    const receive = (event: MessageEvent<{ kind?: unknown } | null>) => {
      const [received] = event.ports
      if (event.source !== page || event.data?.kind !== portMessageKind || received === undefined) return
      listening.abort()
      resolve(received)
    }
    page.addEventListener('message', receive, { signal: listening.signal })
  })
  try {
    await bridge.connect()
    return await port
  } catch (error) {
    listening.abort()
    throw error
  }
}
