import type { NativeTheme } from 'electron'
import { describe, expect, it } from 'vitest'
import type { PersistedJson } from './persisted-json.ts'
import { Theme, type themeState } from './theme.ts'

function themes(kept: { theme: 'light' | 'dark' | 'system' }) {
  const native: Pick<NativeTheme, 'themeSource'> = { themeSource: 'system' }
  const file = {
    value: kept,
    set(value: typeof kept) {
      this.value = value
    },
  }
  return { native, file, theme: new Theme(native, file as unknown as PersistedJson<typeof themeState>) }
}

describe('theme', () => {
  it('is at the start what it was at the end', () => {
    const { native, theme } = themes({ theme: 'dark' })
    expect([theme.choice, native.themeSource]).toEqual(['dark', 'dark'])
  })

  it('follows a choice, keeps it and tells of it', () => {
    const { native, file, theme } = themes({ theme: 'dark' })
    const told: string[] = []
    theme.onChosen((choice) => told.push(choice))
    theme.choose('light')
    expect([native.themeSource, file.value, told]).toEqual(['light', { theme: 'light' }, ['light']])
  })

  it.each(['blue', '', null, { theme: 'dark' }])('refuses %j', (choice) => {
    const { native, theme } = themes({ theme: 'dark' })
    expect(() => theme.choose(choice)).toThrow()
    expect(native.themeSource).toBe('dark')
  })
})
