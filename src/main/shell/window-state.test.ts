import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeWindow, windowState } from './window-state.ts'

const laptop = { x: 0, y: 25, width: 1440, height: 875 }
const second = { x: 1440, y: 0, width: 1920, height: 1080 }

describe('placing the window', () => {
  it('centres a usual window on the primary display the first time', () => {
    expect(placeWindow(null, [laptop])).toEqual({ x: 80, y: 62, width: 1280, height: 800 })
  })

  it('puts it back where it was, also on another display', () => {
    const saved = { x: 1500, y: 100, width: 1600, height: 900, maximized: false }
    expect(placeWindow(saved, [laptop, second])).toEqual({ x: 1500, y: 100, width: 1600, height: 900 })
  })

  it('centres it on the primary display when the one it was on is gone', () => {
    const saved = { x: 1500, y: 100, width: 1000, height: 700, maximized: false }
    expect(placeWindow(saved, [laptop])).toEqual({ x: 220, y: 112, width: 1000, height: 700 })
  })

  it('brings a title bar that is above the display back', () => {
    const saved = { x: 100, y: -300, width: 1000, height: 700, maximized: false }
    expect(placeWindow(saved, [laptop]).y).toBeGreaterThanOrEqual(laptop.y)
  })

  it('shrinks a window that the display cannot hold', () => {
    const saved = { x: 0, y: 25, width: 4000, height: 3000, maximized: false }
    expect(placeWindow(saved, [laptop])).toEqual(laptop)
  })

  it('always lies wholly on one display, whatever was saved', () => {
    const anywhere = fc.integer({ min: -20_000, max: 20_000 })
    const size = fc.integer({ min: 1, max: 20_000 })
    const saved = fc.record({ x: anywhere, y: anywhere, width: size, height: size, maximized: fc.boolean() })
    fc.assert(
      fc.property(saved, (state) => {
        const placed = placeWindow(windowState.parse(state), [laptop, second])
        const inside = [laptop, second].some(
          (area) =>
            placed.x >= area.x &&
            placed.y >= area.y &&
            placed.x + placed.width <= area.x + area.width &&
            placed.y + placed.height <= area.y + area.height,
        )
        expect(inside).toBe(true)
      }),
    )
  })
})
