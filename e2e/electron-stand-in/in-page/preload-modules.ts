import type { IpcRenderer } from './ipc-renderer.ts'
import type { WorldBridge } from './world-bridge.ts'

/** What `process` tells in a preload. */
export interface PreloadFacts {
  readonly platform: string
  readonly arch: string
  readonly versions: Readonly<Record<string, string | undefined>>
  /** `webPreferences.additionalArguments`, behind the program's own. */
  readonly argv: readonly string[]
}

/** The `require` of a sandboxed preload: Electron's renderer modules and nothing of Node but timers and url. */
export function preloadRequire(ipcRenderer: IpcRenderer, bridge: WorldBridge): (name: string) => unknown {
  const electron = {
    ipcRenderer,
    contextBridge: {
      exposeInMainWorld: (name: string, api: unknown) => void bridge.callOther('expose', name, api),
    },
    webUtils: {
      // A page made by the debugging protocol gets no file from a person's disk.
      getPathForFile: () => '',
    },
  }
  const modules: Readonly<Record<string, unknown>> = {
    electron,
    'electron/common': electron,
    'electron/renderer': electron,
    timers: { setTimeout, clearTimeout, setInterval, clearInterval },
    url: { URL, URLSearchParams },
  }
  return (name) => {
    const found = modules[name.replace(/^node:/, '')]
    if (found === undefined) throw new Error(`module not found: ${name}`)
    return found
  }
}

export function preloadProcess({ platform, arch, versions, argv }: PreloadFacts): object {
  return {
    platform,
    arch,
    versions,
    argv,
    env: {},
    type: 'renderer',
    sandboxed: true,
    contextIsolated: true,
    isMainFrame: true,
  }
}
