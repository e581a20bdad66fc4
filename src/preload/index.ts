import { contextBridge, ipcRenderer } from 'electron'
import { isPageCommand } from '../shared/app-commands.ts'
import { bridgeName, portMessageKind, shellChannels, type WindowBridge } from '../shared/window-bridge.ts'

// A link may start the application: it waits here until the page is ready for it.
let openRoute: ((route: readonly string[]) => void) | null = null
let waitingRoute: readonly string[] | null = null
ipcRenderer.on(shellChannels.openRoute, (_event, route: readonly string[]) => {
  if (openRoute === null) waitingRoute = route
  else openRoute(route)
})

/** All that the page gets of Electron. Listeners are never given the event: it leads to the raw channel. */
const bridge: WindowBridge = {
  facts: { platform: process.platform, host: 'desktop' },
  connect: () => ipcRenderer.invoke(shellChannels.connect),
  chooseFolder: () => ipcRenderer.invoke(shellChannels.chooseFolder),
  setTheme: (theme) => ipcRenderer.invoke(shellChannels.setTheme, theme),
  onMenuCommand(listener) {
    const receive = (_event: unknown, command: unknown) => {
      if (isPageCommand(command)) listener(command)
    }
    ipcRenderer.on(shellChannels.menuCommand, receive)
    return () => void ipcRenderer.off(shellChannels.menuCommand, receive)
  },
  onOpenRoute(listener) {
    openRoute = listener
    if (waitingRoute !== null) listener(waitingRoute)
    waitingRoute = null
    return () => {
      if (openRoute === listener) openRoute = null
    }
  },
}

// A port cannot cross the context bridge; a window message carries it, to this document and no other.
ipcRenderer.on(shellChannels.port, (event) => {
  window.postMessage({ kind: portMessageKind }, window.location.origin, [...event.ports])
})

contextBridge.exposeInMainWorld(bridgeName, bridge)
