import { browser } from '../chromium/browser.ts'
import { unlessGone } from '../chromium/devtools-connection.ts'
import type { Protocol } from '../chromium/protocol.ts'
import { applyPermissionChecks } from './permissions.ts'
import type { WebContents } from './web-contents.ts'
import { webContentsList } from './web-contents-list.ts'

/**
 * Holds every navigation of every page until the application's listeners have spoken, and closes every window that a
 * page opened by itself. Chromium reports both to the browser's own session, for all pages alike.
 */
export async function guardNavigation(): Promise<void> {
  browser.session.on('Target.targetCreated', ({ targetInfo: { openerId, targetId, type } }) => {
    // The opener hears of it as `unguarded-window` and asks the application, which opens its own windows.
    if (type === 'page' && openerId !== undefined) closePopup(targetId).catch(report)
  })
  browser.session.on('Fetch.requestPaused', (paused) => {
    judge(paused).catch(report)
  })
  await browser.session.send('Fetch.enable', { patterns: [{ urlPattern: '*', resourceType: 'Document' }] })
}

// Playwright halts every new page until it has looked at it. To close a halted one would halt its opener for ever, and
// a page that answers is not halted any more. Meanwhile it loads nothing: nobody allows its navigation.
async function closePopup(targetId: string): Promise<void> {
  await unlessGone(
    browser.attach(targetId).then((session) => session.send('Runtime.evaluate', { expression: 'undefined' })),
  )
  browser.session.tell('Target.closeTarget', { targetId })
}

function report(error: unknown): void {
  console.error('Electron stand-in:', error)
}

async function judge(paused: Protocol.Fetch.requestPausedPayload): Promise<void> {
  const { requestId, request, frameId, redirectedRequestId } = paused
  const place = await findFrame(frameId)
  const isRedirect = redirectedRequestId !== undefined
  if (place?.contents.allowsNavigation(request.url, place.isMainFrame, isRedirect)) {
    if (place.isMainFrame) await unlessGone(applyPermissionChecks(place.contents, request.url))
    browser.session.tell('Fetch.continueRequest', { requestId })
  } else browser.session.tell('Fetch.failRequest', { requestId, errorReason: 'Aborted' })
}

interface FramePlace {
  readonly contents: WebContents
  readonly isMainFrame: boolean
}

/** Null for a page that the application did not open. */
async function findFrame(frameId: string): Promise<FramePlace | null> {
  const own = webContentsList.withTarget(frameId)
  if (own !== undefined) return { contents: own, isMainFrame: true }
  for (const contents of webContentsList.all()) {
    if (await contents.hasFrame(frameId)) return { contents, isMainFrame: false }
  }
  return null
}
