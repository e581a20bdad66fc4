import type { PermissionName } from '../wire/messages.ts'

type Ask = (permission: PermissionName) => Promise<boolean>
type AnyMethod = (this: unknown, ...args: unknown[]) => unknown

/** Every method that asks for a permission and returns a promise. */
const guardedMethods: readonly { owner: () => object | undefined; method: string; permission: PermissionName }[] = [
  { owner: () => globalThis.Notification, method: 'requestPermission', permission: 'notifications' },
  { owner: () => globalThis.MediaDevices?.prototype, method: 'getUserMedia', permission: 'media' },
  { owner: () => globalThis.Clipboard?.prototype, method: 'read', permission: 'clipboard-read' },
  { owner: () => globalThis.Clipboard?.prototype, method: 'readText', permission: 'clipboard-read' },
  { owner: () => globalThis.Clipboard?.prototype, method: 'write', permission: 'clipboard-sanitized-write' },
  { owner: () => globalThis.Clipboard?.prototype, method: 'writeText', permission: 'clipboard-sanitized-write' },
]

/**
 * Asks the main process before Chromium does. The answer is not given here: the main process sets Chromium's own
 * permission accordingly and then the real method runs, so that the page sees Chromium's real success or refusal.
 */
export function guardPermissions(ask: Ask): void {
  for (const { owner, method, permission } of guardedMethods) {
    // Absent where the page is no secure context.
    const target = owner()
    if (target !== undefined) guardMethod(target, method, permission, ask)
  }
  if (globalThis.Geolocation !== undefined) guardGeolocation(Geolocation.prototype, ask)
}

function guardMethod(owner: object, method: string, permission: PermissionName, ask: Ask): void {
  const original = Reflect.get(owner, method) as AnyMethod
  replaceMethod(owner, method, async function (this: unknown, ...args: unknown[]) {
    await ask(permission)
    return original.apply(this, args)
  })
}

function guardGeolocation(prototype: Geolocation, ask: Ask): void {
  const { getCurrentPosition, watchPosition, clearWatch } = prototype
  // A watch is numbered before anybody has answered; its real number follows.
  const watches = new Map<number, number | null>()
  let lastWatch = 0
  replaceMethod(prototype, 'getCurrentPosition', function (this: Geolocation, ...args: PositionArguments) {
    void ask('geolocation').then(() => getCurrentPosition.apply(this, args))
  })
  replaceMethod(prototype, 'watchPosition', function (this: Geolocation, ...args: PositionArguments) {
    const watch = ++lastWatch
    watches.set(watch, null)
    void ask('geolocation').then(() => {
      if (watches.has(watch)) watches.set(watch, watchPosition.apply(this, args))
    })
    return watch
  })
  replaceMethod(prototype, 'clearWatch', function (this: Geolocation, watch: number) {
    const real = watches.get(watch)
    watches.delete(watch)
    if (typeof real === 'number') clearWatch.call(this, real)
  })
}

type PositionArguments = Parameters<Geolocation['getCurrentPosition']>

function replaceMethod(owner: object, name: string, replacement: (this: never, ...args: never[]) => unknown): void {
  Object.defineProperty(owner, name, { value: replacement, writable: true, configurable: true, enumerable: true })
}
