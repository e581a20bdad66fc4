import type { Session } from 'electron'
import { describe, expect, it } from 'vitest'
import { pageAddress } from './page-address.ts'
import { setupPermissions } from './permissions.ts'

type RequestHandler = (
  contents: null,
  permission: string,
  answer: (granted: boolean) => void,
  details: { requestingUrl: string; isMainFrame: boolean },
) => void
type CheckHandler = (contents: null, permission: string, origin: string, details: object) => boolean

function guardedSession() {
  const handlers: { request?: RequestHandler; check?: CheckHandler; device?: () => boolean } = {}
  const session = {
    setPermissionRequestHandler: (handler: RequestHandler) => Object.assign(handlers, { request: handler }),
    setPermissionCheckHandler: (handler: CheckHandler) => Object.assign(handlers, { check: handler }),
    setDevicePermissionHandler: (handler: () => boolean) => Object.assign(handlers, { device: handler }),
  }
  setupPermissions(session as unknown as Session, pageAddress())
  return {
    asks(permission: string, requestingUrl = 'app://guardhouse/index.html', isMainFrame = true) {
      const answers: boolean[] = []
      handlers.request?.(null, permission, (granted) => answers.push(granted), { requestingUrl, isMainFrame })
      return answers
    },
    checks: (permission: string, origin: string, details: object) =>
      handlers.check?.(null, permission, origin, details),
    device: () => handlers.device?.(),
  }
}

describe('permissions', () => {
  it.each(['geolocation', 'media', 'notifications', 'clipboard-read', 'fileSystem', 'openExternal', 'usb', 'unknown'])(
    'denies %s, asked for or checked, even to our own page',
    (permission) => {
      const session = guardedSession()
      expect(session.asks(permission)).toEqual([false])
      expect(session.checks(permission, 'app://guardhouse/', { isMainFrame: true })).toBe(false)
    },
  )

  it('lets our own page, and only it, write text to the clipboard', () => {
    const session = guardedSession()
    expect(session.asks('clipboard-sanitized-write')).toEqual([true])
    expect(session.asks('clipboard-sanitized-write', 'app://guardhouse/index.html', false)).toEqual([false])
    expect(session.asks('clipboard-sanitized-write', 'https://example.com/')).toEqual([false])
    expect(session.checks('clipboard-sanitized-write', 'app://guardhouse/', { isMainFrame: true })).toBe(true)
    const misleading = { isMainFrame: true, requestingUrl: 'https://example.com/' }
    expect(session.checks('clipboard-sanitized-write', 'app://guardhouse/', misleading)).toBe(false)
  })

  it('denies every device', () => {
    expect(guardedSession().device()).toBe(false)
  })
})
