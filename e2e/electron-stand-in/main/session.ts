import { EventEmitter } from 'node:events'
import type { PermissionName } from '../wire/messages.ts'
import { originOf } from './custom-schemes.ts'
import { protocol } from './protocol.ts'
import { recordCall } from './recorded-calls.ts'
import type { WebContents } from './web-contents.ts'
import { acceptingWebRequest } from './web-request.ts'

interface RequestDetails {
  readonly isMainFrame: boolean
  readonly requestingUrl: string
  readonly securityOrigin?: string
}

type RequestHandler = (
  contents: WebContents,
  permission: PermissionName,
  callback: (granted: boolean) => void,
  details: RequestDetails,
) => void

type CheckHandler = (
  contents: WebContents | null,
  permission: PermissionName,
  requestingOrigin: string,
  details: RequestDetails,
) => boolean

/** The one session of the stand-in: every window shares one profile of Chromium. */
export class Session extends EventEmitter {
  readonly protocol = protocol
  readonly webRequest = acceptingWebRequest()
  #requestHandler: RequestHandler | null = null
  #checkHandler: CheckHandler | null = null

  setPermissionRequestHandler(handler: RequestHandler | null): void {
    this.#requestHandler = handler
  }

  setPermissionCheckHandler(handler: CheckHandler | null): void {
    this.#checkHandler = handler
  }

  setDevicePermissionHandler(handler: unknown): void {
    // Headless Chromium has no device to ask for.
    recordCall('session', 'setDevicePermissionHandler', handler)
  }

  setSpellCheckerEnabled(enabled: boolean): void {
    recordCall('session', 'setSpellCheckerEnabled', enabled)
  }

  /** What the application answers to a page that asks; as in Electron, yes when nobody was appointed to answer. */
  answerRequest(contents: WebContents, permission: PermissionName): Promise<boolean> {
    const handler = this.#requestHandler
    if (handler === null) return Promise.resolve(true)
    const details = { isMainFrame: true, requestingUrl: contents.getURL() }
    return new Promise((resolve) => handler(contents, permission, resolve, details))
  }

  /** What the application answers to a page of `url` that only looks at its permission. */
  answerCheck(contents: WebContents, permission: PermissionName, url: string): boolean {
    const origin = `${originOf(url)}/`
    const details = { isMainFrame: true, requestingUrl: url, securityOrigin: origin }
    return this.#checkHandler?.(contents, permission, origin, details) ?? true
  }
}

const defaultSession = new Session()

export const session = {
  defaultSession,
  fromPartition(partition: string): never {
    throw new Error(`the Electron stand-in has only the default session, not the partition '${partition}'`)
  },
}
