import { EventEmitter } from 'node:events'
import type { Menu } from './menu.ts'
import type { NativeImage } from './native-image.ts'

/** Every tray icon that has not been destroyed. */
export const trays: Tray[] = []

/** Electron's `Tray`. Nothing shows it; a test clicks by `emit('click')` or through `contextMenu`. */
export class Tray extends EventEmitter {
  image: NativeImage | string
  toolTip = ''
  title = ''
  contextMenu: Menu | null = null
  #destroyed = false

  constructor(image: NativeImage | string) {
    super()
    this.image = image
    trays.push(this)
  }

  setImage(image: NativeImage | string): void {
    this.image = image
  }

  setToolTip(toolTip: string): void {
    this.toolTip = toolTip
  }

  setTitle(title: string): void {
    this.title = title
  }

  getTitle(): string {
    return this.title
  }

  setContextMenu(menu: Menu | null): void {
    this.contextMenu = menu
  }

  popUpContextMenu(menu: Menu | null = this.contextMenu): void {
    menu?.popup()
  }

  getBounds() {
    return { x: 0, y: 0, width: 0, height: 0 }
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }

  destroy(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    trays.splice(trays.indexOf(this), 1)
  }
}
