import { browser } from '../chromium/browser.ts'
import { customSchemes, type SchemeHandler } from './custom-schemes.ts'
import { recordCall } from './recorded-calls.ts'

/** Electron's `protocol`. A handled scheme has every privilege here, registered or not. */
export const protocol = {
  registerSchemesAsPrivileged(schemes: readonly { scheme: string; privileges?: object }[]): void {
    if (browser.isRunning) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    recordCall('protocol', 'registerSchemesAsPrivileged', schemes)
  },

  handle(scheme: string, handler: SchemeHandler): void {
    customSchemes.handle(scheme, handler)
  },

  unhandle(scheme: string): void {
    customSchemes.unhandle(scheme)
  },

  isProtocolHandled(scheme: string): boolean {
    return customSchemes.isHandled(scheme)
  },
}
