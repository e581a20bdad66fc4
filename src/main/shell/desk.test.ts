import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { App, Menu, MenuItemConstructorOptions, Notification, Tray } from 'electron'
import { describe, expect, it, vi } from 'vitest'
import { assertDefined } from '../../shared/assert.ts'
import { setupDeepLinks } from './deep-links.ts'
import { notifyWatched } from './notifications.ts'
import { type TrayFacts, TrayIcon } from './tray.ts'

function madeUpTray() {
  const set: { tip: string; menu: MenuItemConstructorOptions[] }[] = []
  const made: FakeTray[] = []
  let tip = ''
  class FakeTray extends EventEmitter {
    readonly image: string
    constructor(image: string) {
      super()
      this.image = image
      made.push(this)
    }
    setToolTip(text: string) {
      tip = text
    }
    setContextMenu(menu: unknown) {
      set.push({ tip, menu: menu as MenuItemConstructorOptions[] })
    }
    isDestroyed() {
      return false
    }
    destroy() {
      return undefined
    }
  }
  return { set, made, Tray: FakeTray as unknown as new (image: string) => Tray }
}

const facts: TrayFacts = { executing: 2, waiting: 1234, failed: 0, paused: false }

describe('the tray', () => {
  it('tells the counts, and sets its menu anew only when they change', async () => {
    const { set, Tray } = madeUpTray()
    const told = { ...facts }
    const pauses: boolean[] = []
    using tray = new TrayIcon({
      Tray,
      Menu: { buildFromTemplate: (template) => template as unknown as Menu },
      resources: 'resources',
      platform: 'linux',
      read: async () => told,
      show: () => undefined,
      setPaused: async (paused) => {
        pauses.push(paused)
        told.paused = paused
      },
      quit: () => undefined,
    })
    await expect.poll(() => set).toHaveLength(1)
    expect(set[0]?.tip).toBe('Guardhouse: 2 executing, 1,234 waiting, 0 failed')
    await tray.refresh()
    expect(set).toHaveLength(1)
    set[0]?.menu
      .find((item) => item.id === 'pause')
      ?.click?.(...([] as unknown as Parameters<NonNullable<MenuItemConstructorOptions['click']>>))
    await expect.poll(() => set).toHaveLength(2)
    expect(pauses).toEqual([true])
    expect(set[1]?.menu.map((item) => item.id)).toContain('resume')
  })
})

describe("the tray's icon", () => {
  const shown = vi.fn()

  function showOn(platform: NodeJS.Platform): { image: string; opensWindow: boolean } {
    const { made, Tray } = madeUpTray()
    shown.mockClear()
    using _tray = new TrayIcon({
      Tray,
      Menu: { buildFromTemplate: (template) => template as unknown as Menu },
      resources: fileURLToPath(new URL('../../../resources/', import.meta.url)),
      platform,
      read: async () => facts,
      show: shown,
      setPaused: async () => undefined,
      quit: () => undefined,
    })
    const icon = assertDefined(made[0], 'a tray has one icon')
    icon.emit('click')
    return { image: icon.image, opensWindow: shown.mock.calls.length > 0 }
  }

  it.each([
    ['linux', 'tray.png', true],
    ['win32', 'tray.png', true],
    // There a click opens the menu.
    ['darwin', 'trayTemplate.png', false],
  ] as const)('on %s is %s, 16 pixels and twice as many', (platform, name, opensWindow) => {
    const shownIcon = showOn(platform)
    expect(path.basename(shownIcon.image)).toBe(name)
    expect(widthOf(shownIcon.image)).toBe(16)
    expect(widthOf(shownIcon.image.replace('.png', '@2x.png'))).toBe(32)
    expect(shownIcon.opensWindow).toBe(opensWindow)
  })
})

/** From a PNG's header: pixels. */
function widthOf(file: string): number {
  return readFileSync(file).readUInt32BE(16)
}

describe('notifications', () => {
  const event = { kind: 'watched', title: 'a has failed', text: 'no', token: 'a_1_1', at: 0 } as const

  function shown(isLookedAt: boolean) {
    const made: EventEmitter[] = []
    const routes: (readonly string[])[] = []
    class FakeNotification extends EventEmitter {
      static isSupported() {
        return true
      }
      show() {
        made.push(this)
      }
    }
    notifyWatched(event, {
      Notification: FakeNotification as unknown as { new (): Notification; isSupported(): boolean },
      isLookedAt: () => isLookedAt,
      show: (route) => routes.push(route),
    })
    return { made, routes }
  }

  it('lead to the token when clicked', () => {
    const { made, routes } = shown(false)
    expect(made).toHaveLength(1)
    made[0]?.emit('click')
    expect(routes).toEqual([['tokens', 'a_1_1']])
  })

  it('are not needed before somebody’s eyes', () => {
    expect(shown(true).made).toEqual([])
  })
})

it('opens links that the system hands over, and no others', () => {
  const claims: unknown[][] = []
  const routes: (readonly string[])[] = []
  const app = Object.assign(new EventEmitter(), {
    setAsDefaultProtocolClient: (...given: unknown[]) => {
      claims.push(given)
      return true
    },
  })
  const restart = { executable: '/usr/bin/electron', arguments: ['/app'] }
  setupDeepLinks({ app: app as unknown as App, show: (route) => routes.push(route), restart })
  expect(claims).toEqual([['guardhouse', '/usr/bin/electron', ['/app']]])
  const url = { preventDefault: () => undefined }
  app.emit('open-url', url, 'guardhouse://token/a_1_1')
  app.emit('open-url', url, 'https://example.org/')
  expect(routes).toEqual([['tokens', 'a_1_1']])
})
