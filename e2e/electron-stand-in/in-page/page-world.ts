import { guardPermissions } from './permission-guard.ts'
import { guardWindowOpen } from './window-open-guard.ts'
import { WorldBridge } from './world-bridge.ts'

/** Runs in the page's own world before any script of the page. Leaves no name behind that the page could see. */
export function startPageWorld(secret: string): void {
  // Electron runs no preload in frames within the page.
  if (window !== window.top) return
  const bridge = new WorldBridge(secret, 'page')
  bridge.offer('expose', expose)
  guardPermissions((permission) => bridge.callOther('askPermission', permission) as Promise<boolean>)
  guardWindowOpen((request) => bridge.callOther('openWindow', request))
}

function expose(name: string, api: unknown): void {
  if (name in window) throw new Error('Cannot bind an API on top of an existing property on the window object')
  freezeDeep(api)
  Object.defineProperty(window, name, { value: api, enumerable: true, writable: false, configurable: false })
}

function freezeDeep(value: unknown): void {
  const isRebuilt = Array.isArray(value) || Object.prototype.toString.call(value) === '[object Object]'
  if ((!isRebuilt && typeof value !== 'function') || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const part of Object.values(value as object)) freezeDeep(part)
}
