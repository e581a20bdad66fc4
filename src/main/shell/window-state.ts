import type { Rectangle } from 'electron'
import { z } from 'zod'

/**
 * Where the window was, kept over restarts. Electron has this built in (`windowStatePersistence`), yet marks it as
 * experimental, and two keepers of one position would fight; this one we can test.
 */
export const windowState = z.strictObject({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(1),
  height: z.number().int().min(1),
  maximized: z.boolean(),
})
export type WindowState = z.infer<typeof windowState>

export const smallestWindow = { width: 900, height: 600 } as const
const usualWindow = { width: 1280, height: 800 } as const

/** So much of the window must be on a display that a person can take hold of its title bar, in pixels. */
const reachable = { width: 120, height: 40 } as const

/**
 * Bounds for a new window, in screen pixels: as saved where that is still on a display, else centred on the first. Never
 * larger than the display's work area. `workAreas` starts with the primary display's and has at least one entry.
 */
export function placeWindow(saved: WindowState | null, workAreas: readonly [Rectangle, ...Rectangle[]]): Rectangle {
  const home = saved === null ? undefined : workAreas.find((area) => isReachable(saved, area))
  const area = home ?? workAreas[0]
  const width = clamp(saved?.width ?? usualWindow.width, smallestWindow.width, area.width)
  const height = clamp(saved?.height ?? usualWindow.height, smallestWindow.height, area.height)
  if (saved === null || home === undefined) {
    return {
      x: area.x + Math.floor((area.width - width) / 2),
      y: area.y + Math.floor((area.height - height) / 2),
      width,
      height,
    }
  }
  return {
    x: clamp(saved.x, area.x, area.x + area.width - width),
    y: clamp(saved.y, area.y, area.y + area.height - height),
    width,
    height,
  }
}

function isReachable(window: Rectangle, area: Rectangle): boolean {
  const across = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x)
  const titleBarInside = window.y >= area.y && window.y + reachable.height <= area.y + area.height
  return across >= Math.min(reachable.width, window.width) && titleBarInside
}

/** The upper bound wins: a display smaller than the smallest window still shows all of it that fits. */
function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
