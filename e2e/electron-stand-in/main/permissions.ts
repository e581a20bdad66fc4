import { browser } from '../chromium/browser.ts'
import type { Protocol } from '../chromium/protocol.ts'
import type { PermissionName } from '../wire/messages.ts'
import { customSchemes } from './custom-schemes.ts'
import type { WebContents } from './web-contents.ts'

/** What Chromium calls the permissions that Electron's handlers decide. */
const chromiumNames: Readonly<Record<PermissionName, readonly Protocol.Browser.PermissionDescriptor[]>> = {
  'clipboard-read': [{ name: 'clipboard-read' }],
  'clipboard-sanitized-write': [{ name: 'clipboard-write' }],
  geolocation: [{ name: 'geolocation' }],
  media: [{ name: 'camera' }, { name: 'microphone' }],
  notifications: [{ name: 'notifications' }],
}

/** Asks the application on behalf of a page, and makes Chromium grant or deny accordingly. */
export async function answerPermission(contents: WebContents, permission: PermissionName): Promise<boolean> {
  const granted = await contents.session.answerRequest(contents, permission)
  await setPermission(permission, new URL(customSchemes.toChromium(contents.getURL())).origin, granted)
  return granted
}

/** Makes Chromium tell pages of `chromiumUrl`, when they look at a permission, what the application's check handler says. */
export async function applyPermissionChecks(contents: WebContents, chromiumUrl: string): Promise<void> {
  const { origin } = new URL(chromiumUrl)
  if (origin === 'null') return
  const url = customSchemes.fromChromium(chromiumUrl)
  const names = Object.keys(chromiumNames) as PermissionName[]
  await Promise.all(names.map((name) => setPermission(name, origin, contents.session.answerCheck(contents, name, url))))
}

async function setPermission(permission: PermissionName, origin: string, granted: boolean): Promise<void> {
  const setting = granted ? 'granted' : 'denied'
  const settings = chromiumNames[permission].map((descriptor) =>
    browser.session.send('Browser.setPermission', { permission: descriptor, setting, origin }),
  )
  await Promise.all(settings)
}
