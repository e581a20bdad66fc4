import { browser } from '../chromium/browser.ts'
import { PageGone } from '../chromium/devtools-connection.ts'
import type { RendererPage } from './renderer-page.ts'

/** In pixels of the screen. A window has no frame here: its page is as large as the window. */
export interface Bounds {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** How Chromium's window should stand. */
export interface Placement extends Bounds {
  /** Gives the page the visibility `hidden`. */
  readonly hidden: boolean
}

/**
 * Makes Chromium's window stand as the application wants it. Calls may come faster than Chromium follows: then only the
 * newest counts.
 */
export class WindowPlacement {
  readonly #page: Promise<RendererPage>
  #wanted: Placement | null = null
  #applied: Placement | null = null
  #applying: Promise<void> | null = null

  constructor(page: Promise<RendererPage>) {
    this.#page = page
  }

  /** Resolves when Chromium's window stands so, or has gone. */
  apply(wanted: Placement): Promise<void> {
    this.#wanted = wanted
    this.#applying ??= this.#applyAll()
    return this.#applying
  }

  async #applyAll(): Promise<void> {
    try {
      const { targetId } = await this.#page
      const { windowId } = await browser.session.send('Browser.getWindowForTarget', { targetId })
      for (let wanted = this.#wanted; wanted !== null && wanted !== this.#applied; wanted = this.#wanted) {
        await this.#applyOne(windowId, wanted)
        this.#applied = wanted
      }
    } catch (error) {
      if (!(error instanceof PageGone)) throw error
    } finally {
      this.#applying = null
    }
  }

  async #applyOne(windowId: number, { x, y, width, height, hidden }: Placement): Promise<void> {
    const before = this.#applied
    const setBounds = (bounds: object) => browser.session.send('Browser.setWindowBounds', { windowId, bounds })
    // Chromium moves and resizes only a window that shows.
    if (before?.hidden === true) await setBounds({ windowState: 'normal' })
    if (before?.x !== x || before.y !== y) await setBounds({ left: x, top: y })
    if (before?.width !== width || before.height !== height) {
      await browser.session.send('Browser.setContentsSize', { windowId, width, height })
    }
    if (hidden) await setBounds({ windowState: 'minimized' })
  }
}
