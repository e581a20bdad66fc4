import { type PermissionName, runPreloadName, type WindowOpenRequest } from '../wire/messages.ts'
import { BridgedPorts } from './bridged-ports.ts'
import { IpcRenderer } from './ipc-renderer.ts'
import { MainLink } from './main-link.ts'
import { type PreloadFacts, preloadProcess, preloadRequire } from './preload-modules.ts'
import { watchTitle } from './title-watch.ts'
import { WorldBridge } from './world-bridge.ts'

/** The application's preload, wrapped as a CommonJS module with the globals that a sandboxed preload has. */
type PreloadModule = (
  require: (name: string) => unknown,
  process: object,
  module: { exports: object },
  exports: object,
  setImmediate: (callback: () => void) => number,
  clearImmediate: (handle: number) => void,
) => void

/** Runs in the preload's world after `startPageWorld` has run in the page's. */
export function startPreloadWorld(secret: string, facts: PreloadFacts): void {
  if (window !== window.top) return
  const bridge = new WorldBridge(secret, 'preload')
  const link = new MainLink()
  link.send({ kind: 'document', url: location.href })
  watchTitle((title) => link.send({ kind: 'title', title }))
  bridge.offer('askPermission', (permission: PermissionName) => link.askPermission(permission))
  bridge.offer('openWindow', (request: WindowOpenRequest) => link.send({ kind: 'open-window', ...request }))
  const require = preloadRequire(new IpcRenderer(link, new BridgedPorts(link)), bridge)
  Object.defineProperty(globalThis, runPreloadName, {
    configurable: true,
    value: (preload: PreloadModule) => {
      Reflect.deleteProperty(globalThis, runPreloadName)
      const module = { exports: {} }
      try {
        preload(require, preloadProcess(facts), module, module.exports, setImmediate, clearImmediate)
      } catch (error) {
        // As in Electron the page goes on without its preload.
        link.send({ kind: 'preload-failed', stack: stackOf(error) })
      }
    },
  })
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function setImmediate(callback: () => void): number {
  return setTimeout(callback, 0) as unknown as number
}

function clearImmediate(handle: number): void {
  clearTimeout(handle)
}
