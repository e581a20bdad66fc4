import { randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { assertDefined } from '../../../src/shared/assert.ts'
import { browser } from '../chromium/browser.ts'
import { type DevtoolsSession, unlessGone } from '../chromium/devtools-connection.ts'
import type { Protocol } from '../chromium/protocol.ts'
import { type PreloadSource, windowScripts } from '../in-page/page-scripts.ts'
import type { PreloadFacts } from '../in-page/preload-modules.ts'
import { preloadWorldName, senderName } from '../wire/messages.ts'
import { DocumentLink, type DocumentMessage } from './document-link.ts'

interface RendererPageEvents {
  /** A new document begins; its preload has not run yet. */
  document: [link: DocumentLink]
  /** A message of the present document. */
  message: [message: DocumentMessage, link: DocumentLink]
  /** Another document shows; `document` is Chromium's name for it. */
  committed: [url: string, document: string]
  'navigated-in-page': [url: string]
  'dom-ready': []
  loaded: []
  console: [message: Protocol.Runtime.consoleAPICalledPayload]
  /** The renderer process ended, and why in Chromium's words. The page stays and can load again. */
  crashed: [status: string, exitCode: number]
  closed: []
  /** The page tried to open a window by a way that the guard in the page does not see. */
  'unguarded-window': [details: Protocol.Page.windowOpenPayload]
}

export interface PageOptions {
  readonly width: number
  readonly height: number
  readonly facts: PreloadFacts
  readonly preload: PreloadSource | null
}

/** One page of Chromium with the preload's world in each of its documents. */
export class RendererPage extends EventEmitter<RendererPageEvents> {
  readonly targetId: string
  readonly session: DevtoolsSession
  readonly #subscriptions = new DisposableStack()
  #link: DocumentLink | null = null

  /** Opens a window of Chromium on an empty page; resolves when every later document will get the preload. */
  static async open(options: PageOptions): Promise<RendererPage> {
    const { width, height, facts, preload } = options
    const scripts = windowScripts(randomBytes(16).toString('hex'), facts, preload)
    const target = { url: 'about:blank', newWindow: true, width, height }
    const { targetId } = await browser.session.send('Target.createTarget', target)
    const session = await browser.attach(targetId)
    const page = new RendererPage(targetId, session)
    await Promise.all([
      session.send('Page.enable'),
      session.send('Runtime.enable'),
      session.send('Runtime.addBinding', { name: senderName, executionContextName: preloadWorldName }),
      session.send('Page.addScriptToEvaluateOnNewDocument', { source: scripts.page }),
      ...scripts.preload.map((source) =>
        session.send('Page.addScriptToEvaluateOnNewDocument', { source, worldName: preloadWorldName }),
      ),
    ])
    return page
  }

  private constructor(targetId: string, session: DevtoolsSession) {
    super()
    this.targetId = targetId
    this.session = session
    session.on('Runtime.executionContextCreated', ({ context }) => this.#onContext(context))
    session.on('Runtime.executionContextDestroyed', ({ executionContextUniqueId }) => {
      if (executionContextUniqueId === this.#link?.contextId) this.#endDocument()
    })
    session.on('Runtime.executionContextsCleared', () => this.#endDocument())
    session.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === senderName) this.#link?.receive(payload)
    })
    session.on('Page.frameNavigated', ({ frame }) => {
      if (frame.parentId === undefined) this.emit('committed', `${frame.url}${frame.urlFragment ?? ''}`, frame.loaderId)
    })
    session.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
      if (frameId === targetId) this.emit('navigated-in-page', url)
    })
    session.on('Page.domContentEventFired', () => this.emit('dom-ready'))
    session.on('Page.loadEventFired', () => this.emit('loaded'))
    session.on('Runtime.consoleAPICalled', (message) => this.emit('console', message))
    session.on('Page.windowOpen', (details) => this.emit('unguarded-window', details))
    this.#follow('Target.targetCrashed', ({ status, errorCode }) => {
      this.#endDocument()
      this.emit('crashed', status, errorCode)
    })
    this.#follow('Target.targetDestroyed', () => {
      this.#endDocument()
      this.#subscriptions.dispose()
      session.detach()
      this.emit('closed')
    })
  }

  /** Runs `code` in the page's own world. */
  async evaluate(code: string, userGesture: boolean): Promise<unknown> {
    const { result, exceptionDetails } = await this.session.send('Runtime.evaluate', {
      expression: code,
      awaitPromise: true,
      returnByValue: true,
      userGesture,
    })
    if (exceptionDetails === undefined) return result.value
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
  }

  /** Runs `code` in the page's own world as if a person had caused it, whatever comes of it. */
  run(code: string): void {
    this.session.tell('Runtime.evaluate', { expression: code, userGesture: true, silent: true })
  }

  async hasFrame(frameId: string): Promise<boolean> {
    const answer = await unlessGone(this.session.send('Page.getFrameTree'))
    return answer !== undefined && treeHasFrame(answer.frameTree, frameId)
  }

  /** The document has ended: the page is somewhere else, has crashed or is closed. */
  #endDocument(): void {
    this.#link?.close()
    this.#link = null
  }

  #follow<Name extends TargetEvent>(event: Name, listener: (details: Protocol.Events[Name]) => void): void {
    const own = (details: Protocol.Events[Name]) => {
      if (details.targetId === this.targetId) listener(details)
    }
    browser.session.on(event, own as never)
    this.#subscriptions.defer(() => browser.session.off(event, own as never))
  }

  #onContext(context: Protocol.Runtime.ExecutionContextDescription): void {
    const { frameId } = (context.auxData ?? {}) as { frameId?: string }
    if (context.name !== preloadWorldName || frameId !== this.targetId) return
    this.#endDocument()
    const link = new DocumentLink(this.session, context.uniqueId, (message) => {
      this.emit('message', message, assertDefined(this.#link, 'an ended link receives nothing'))
    })
    this.#link = link
    this.emit('document', link)
  }
}

/** What the browser's session tells about its pages. */
type TargetEvent = 'Target.targetCrashed' | 'Target.targetDestroyed'

function treeHasFrame({ frame, childFrames = [] }: Protocol.Page.FrameTree, frameId: string): boolean {
  return frame.id === frameId || childFrames.some((child) => treeHasFrame(child, frameId))
}
