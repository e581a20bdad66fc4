import type { Session } from 'electron'
import type { PageAddress } from './page-address.ts'

type GuardedSession = Pick<
  Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
>

/**
 * Denies every permission, asked for or checked, with one exception: our own page may put text on the clipboard, which
 * is how a person copies from it. Reading the clipboard stays denied. Lasts as long as the session: without handlers
 * Electron would grant everything.
 */
export function setupPermissions(session: GuardedSession, page: PageAddress): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(isGranted(page, permission, details.requestingUrl, details.isMainFrame)),
  )
  session.setPermissionCheckHandler((_contents, permission, origin, details) =>
    isGranted(page, permission, details.requestingUrl ?? origin, details.isMainFrame),
  )
  session.setDevicePermissionHandler(() => false)
}

function isGranted(page: PageAddress, permission: string, requestingUrl: string, isMainFrame: boolean): boolean {
  return permission === 'clipboard-sanitized-write' && isMainFrame && page.contains(requestingUrl)
}
