import { nativeTheme } from './native-theme.ts'
import type { RendererPage } from './renderer-page.ts'

// One step of Chromium's zoom.
const zoomStep = 1.2

/** How the main process makes a page look: its colour scheme and its zoom. */
export class PageAppearance {
  readonly #page: Promise<RendererPage>
  readonly #unfollow: () => void
  #zoomFactor = 1
  #themed = false

  constructor(page: Promise<RendererPage>) {
    this.#page = page
    this.#unfollow = nativeTheme.followSource(() => this.applyTheme())
    this.applyTheme()
  }

  get zoomFactor(): number {
    return this.#zoomFactor
  }

  set zoomFactor(factor: number) {
    if (!(factor > 0)) throw new Error("'zoomFactor' must be a double greater than 0.0")
    this.#zoomFactor = factor
    this.applyZoom()
  }

  get zoomLevel(): number {
    return Math.log(this.#zoomFactor) / Math.log(zoomStep)
  }

  set zoomLevel(level: number) {
    this.zoomFactor = zoomStep ** level
  }

  /** To be called for every new document, since whoever else emulates media for the page may have spoken last. */
  applyTheme(): void {
    const { forcedScheme } = nativeTheme
    // Emulates nothing as long as nobody wants to, and leaves the choice to Playwright.
    if (forcedScheme === null && !this.#themed) return
    this.#themed = true
    const features = [{ name: 'prefers-color-scheme', value: forcedScheme ?? '' }]
    this.#tell((page) => page.session.tell('Emulation.setEmulatedMedia', { features }))
  }

  /** To be called for every new document. By CSS: the debugging protocol does not reach Chromium's own zoom. */
  applyZoom(): void {
    const zoom = this.#zoomFactor === 1 ? '' : String(this.#zoomFactor)
    this.#tell((page) => page.run(`document.documentElement.style.zoom = ${JSON.stringify(zoom)}`))
  }

  /** The page has ended. */
  end(): void {
    this.#unfollow()
  }

  #tell(tell: (page: RendererPage) => void): void {
    this.#page.then(tell, () => undefined)
  }
}
