import { contextBridge, ipcRenderer } from 'electron'
import { isPageCommand } from '../shared/app-commands.ts'
import { bridgeName, portMessageKind, shellChannels, type WindowBridge } from '../shared/window-bridge.ts'

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
}

// A port cannot cross the context bridge; a window message carries it, to this document and no other.
ipcRenderer.on(shellChannels.port, (event) => {
  window.postMessage({ kind: portMessageKind }, window.location.origin, [...event.ports])
})

contextBridge.exposeInMainWorld(bridgeName, bridge)
