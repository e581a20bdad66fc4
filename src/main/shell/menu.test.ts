import type { MenuItemConstructorOptions } from 'electron'
import { describe, expect, it } from 'vitest'
import { appCommands } from '../../shared/app-commands.ts'
import { menuTemplate } from './menu.ts'

function build(platform: NodeJS.Platform) {
  const performed: string[] = []
  const template = menuTemplate({ platform, theme: 'dark', perform: (command) => performed.push(command) })
  return { template, performed, items: template.flatMap(flatten) }
}

function flatten(item: MenuItemConstructorOptions): MenuItemConstructorOptions[] {
  return Array.isArray(item.submenu) ? item.submenu.flatMap(flatten) : [item]
}

const click = (item: MenuItemConstructorOptions | undefined) => item?.click?.({} as never, undefined, {} as never)

describe('native menu', () => {
  it.each(['linux', 'win32', 'darwin'] as const)('offers every command of the window on %s', (platform) => {
    const { items, performed } = build(platform)
    const expected = appCommands.filter((command) => !('role' in command)).map((command) => command.id)
    for (const id of expected) click(items.find((item) => item.id === id))
    expect(performed).toEqual(expected)
  })

  it('shows the keys of a command that has a chord, and none for a sequence', () => {
    const { items } = build('linux')
    expect(items.find((item) => item.id === 'palette.open')?.accelerator).toBe('CommandOrControl+K')
    expect(items.find((item) => item.id === 'help.shortcuts')?.accelerator).toBeUndefined()
  })

  it('marks the chosen theme among the three', () => {
    const themes = build('linux').items.filter((item) => item.type === 'radio')
    expect(themes.map((item) => [item.id, item.checked])).toEqual([
      ['theme.light', false],
      ['theme.dark', true],
      ['theme.system', false],
    ])
  })

  it('has quit in exactly one place on every platform', () => {
    expect(build('linux').items.filter((item) => item.role === 'quit')).toHaveLength(1)
    expect(build('darwin').items.filter((item) => item.role === 'quit')).toHaveLength(0)
    expect(build('darwin').template[0]?.role).toBe('appMenu')
  })

  it('never begins or ends a menu with a line, nor draws two in a row', () => {
    for (const { submenu } of build('linux').template) {
      if (!Array.isArray(submenu)) continue
      const drawn = submenu.map((item) => (item.type === 'separator' ? '-' : 'x')).join('')
      expect(drawn).toMatch(/^x+(-x+)*$/)
    }
  })
})
