import { EventEmitter } from 'node:events'

interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Size of the one display, from ELECTRON_STAND_IN_SCREEN such as `1920x1080`, which is also the default. */
export const displaySize = readDisplaySize(process.env.ELECTRON_STAND_IN_SCREEN ?? '1920x1080')

/** Makes Chromium's own display that large. */
export const displaySwitch = `--screen-info={${displaySize.width}x${displaySize.height}}`

/** Electron's `screen`: one display without a panel, at scale 1. */
class Screen extends EventEmitter {
  getPrimaryDisplay() {
    const area: Rectangle = { x: 0, y: 0, ...displaySize }
    return {
      id: 1,
      label: 'stand-in',
      bounds: area,
      workArea: area,
      size: displaySize,
      workAreaSize: displaySize,
      scaleFactor: 1,
      rotation: 0,
      internal: false,
    }
  }

  getAllDisplays() {
    return [this.getPrimaryDisplay()]
  }

  getDisplayNearestPoint() {
    return this.getPrimaryDisplay()
  }

  getDisplayMatching() {
    return this.getPrimaryDisplay()
  }

  getCursorScreenPoint() {
    return { x: 0, y: 0 }
  }
}

export const screen = new Screen()

function readDisplaySize(text: string): { readonly width: number; readonly height: number } {
  const [, width, height] = /^(\d+)x(\d+)$/.exec(text) ?? []
  if (width === undefined || height === undefined) {
    throw new Error(`ELECTRON_STAND_IN_SCREEN is '${text}', not a size such as 1920x1080`)
  }
  return { width: Number(width), height: Number(height) }
}
