import { NativeFrame } from './native-frame.ts'
import type { RendererPage } from './renderer-page.ts'
import {
  boundsOf,
  type GeometryState,
  geometryEvents,
  initialGeometry,
  placementOf,
  type SizeLimits,
  withBounds,
  withState,
} from './window-geometry.ts'
import { type Bounds, WindowPlacement } from './window-placement.ts'

/** The options that have an effect. Others, those of the native frame, are accepted and have none. */
export interface BaseWindowOptions extends Partial<Bounds>, Partial<SizeLimits> {
  readonly show?: boolean
  readonly title?: string
  readonly fullscreen?: boolean
  readonly parent?: BaseWindow | null
}

// At most one window of the application has the focus.
let focused: BaseWindow | null = null

/** A window's place, size, visibility and focus. Its page is exactly as large as its bounds: there is no frame. */
export abstract class BaseWindow extends NativeFrame {
  readonly #parent: BaseWindow | null
  #placement: WindowPlacement | null = null
  #limits: SizeLimits
  #geometry: GeometryState
  #everShown: boolean
  #title: string
  #destroyed = false

  constructor(options: BaseWindowOptions, defaultTitle: string) {
    super()
    this.#parent = options.parent ?? null
    this.#limits = { minWidth: options.minWidth ?? 0, minHeight: options.minHeight ?? 0 }
    this.#everShown = options.show !== false
    const geometry = initialGeometry(options, this.#limits, this.#everShown)
    this.#geometry = options.fullscreen === true ? withState(geometry, 'full-screen') : geometry
    this.#title = options.title ?? defaultTitle
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }

  show(): void {
    this.showInactive()
    this.focus()
  }

  showInactive(): void {
    this.#everShown = true
    this.#change({ ...this.#geometry, visible: true })
  }

  hide(): void {
    this.blur()
    this.#change({ ...this.#geometry, visible: false })
  }

  isVisible(): boolean {
    return this.#geometry.visible
  }

  focus(): void {
    if (!this.#geometry.visible || focused === this) return
    focused?.blur()
    focused = this
    this.emit('focus')
  }

  blur(): void {
    if (focused !== this) return
    focused = null
    this.emit('blur')
  }

  isFocused(): boolean {
    return focused === this
  }

  minimize(): void {
    this.blur()
    this.#change(withState(this.#geometry, 'minimized'))
  }

  isMinimized(): boolean {
    return this.#geometry.state === 'minimized'
  }

  restore(): void {
    this.#change(withState(this.#geometry, this.isMinimized() ? this.#geometry.restored : 'normal'))
  }

  /** Shows the window too, as in Electron. */
  maximize(): void {
    this.#everShown = true
    this.#change({ ...withState(this.#geometry, 'maximized'), visible: true })
  }

  unmaximize(): void {
    if (this.isMaximized()) this.#change(withState(this.#geometry, 'normal'))
  }

  isMaximized(): boolean {
    return this.#geometry.state === 'maximized'
  }

  setFullScreen(flag: boolean): void {
    if (flag !== this.isFullScreen()) this.#change(withState(this.#geometry, flag ? 'full-screen' : 'normal'))
  }

  isFullScreen(): boolean {
    return this.#geometry.state === 'full-screen'
  }

  isNormal(): boolean {
    return this.#geometry.state === 'normal'
  }

  getBounds(): Bounds {
    this.assertAlive()
    return { ...boundsOf(this.#geometry) }
  }

  getNormalBounds(): Bounds {
    this.assertAlive()
    return { ...this.#geometry.normal }
  }

  setBounds(bounds: Partial<Bounds>): void {
    this.#change(withBounds(this.#geometry, bounds, this.#limits))
  }

  getContentBounds(): Bounds {
    return this.getBounds()
  }

  setContentBounds(bounds: Partial<Bounds>): void {
    this.setBounds(bounds)
  }

  getSize(): [number, number] {
    const { width, height } = this.getBounds()
    return [width, height]
  }

  setSize(width: number, height: number): void {
    this.setBounds({ width, height })
  }

  getContentSize(): [number, number] {
    return this.getSize()
  }

  setContentSize(width: number, height: number): void {
    this.setSize(width, height)
  }

  getPosition(): [number, number] {
    const { x, y } = this.getBounds()
    return [x, y]
  }

  setPosition(x: number, y: number): void {
    this.setBounds({ x, y })
  }

  center(): void {
    const { width, height } = this.getBounds()
    this.setBounds(initialGeometry({ width, height }, this.#limits, true).normal)
  }

  getMinimumSize(): [number, number] {
    return [this.#limits.minWidth, this.#limits.minHeight]
  }

  setMinimumSize(minWidth: number, minHeight: number): void {
    this.#limits = { minWidth, minHeight }
  }

  getTitle(): string {
    this.assertAlive()
    return this.#title
  }

  setTitle(title: string): void {
    this.assertAlive()
    this.#title = title
  }

  getParentWindow(): BaseWindow | null {
    return this.#parent
  }

  /** Puts the page's window of Chromium where this window is, now and at every change. */
  protected async place(page: Promise<RendererPage>): Promise<void> {
    this.#placement = new WindowPlacement(page)
    await this.#placement.apply(placementOf(this.#geometry, this.#everShown))
  }

  /** True the first time. */
  protected markDestroyed(): boolean {
    if (this.#destroyed) return false
    this.blur()
    this.#destroyed = true
    return true
  }

  protected assertAlive(): void {
    if (this.#destroyed) throw new TypeError('Object has been destroyed')
  }

  // The state changes at once; its events follow when Chromium has.
  #change(after: GeometryState): void {
    this.assertAlive()
    const events = geometryEvents(this.#geometry, after)
    this.#geometry = after
    void this.#placement?.apply(placementOf(after, this.#everShown)).then(() => {
      if (this.#destroyed) return
      for (const event of events) this.emit(event)
    })
  }
}
