import { expect, test } from 'vitest'
import { findBrowser } from './installed-browser.ts'

function having(...paths: string[]) {
  return (path: string) => paths.includes(path)
}

test('on Linux it is looked for in the folders of PATH, Chromium first', () => {
  const environment = { PATH: '/usr/bin:relative:/snap/bin' }
  const isExecutable = having('/usr/bin/google-chrome', '/snap/bin/chromium', 'relative/chromium')
  expect(findBrowser({ environment, platform: 'linux', isExecutable })).toBe('/snap/bin/chromium')
  expect(findBrowser({ environment, platform: 'linux', isExecutable: having() })).toBeNull()
  expect(findBrowser({ environment: {}, platform: 'linux', isExecutable })).toBeNull()
})

test('on macOS it is one of the applications', () => {
  const chrome = '/Users/me/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  expect(findBrowser({ environment: { HOME: '/Users/me' }, platform: 'darwin', isExecutable: having(chrome) })).toBe(
    chrome,
  )
})

test('on Windows it is one of the installed programs', () => {
  const edge = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'
  const environment = { ProgramFiles: 'C:\\Program Files', 'ProgramFiles(x86)': 'C:\\Program Files (x86)' }
  expect(findBrowser({ environment, platform: 'win32', isExecutable: having(edge) })).toBe(edge)
})

test('a person may name another one, or none', () => {
  const isExecutable = having('/opt/brave', '/usr/bin/chromium')
  const source = { platform: 'linux', isExecutable } as const
  expect(findBrowser({ ...source, environment: { PATH: '/usr/bin', GUARDHOUSE_BROWSER: '/opt/brave' } })).toBe(
    '/opt/brave',
  )
  expect(findBrowser({ ...source, environment: { PATH: '/usr/bin', GUARDHOUSE_BROWSER: 'none' } })).toBeNull()
  expect(findBrowser({ ...source, environment: { PATH: '/usr/bin', GUARDHOUSE_BROWSER: '/gone' } })).toBeNull()
})
