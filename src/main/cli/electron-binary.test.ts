import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findElectron } from './electron-binary.ts'

let packageFolder: string

beforeEach(() => {
  packageFolder = mkdtempSync(join(tmpdir(), 'guardhouse-electron-'))
})

afterEach(() => rmSync(packageFolder, { recursive: true }))

function install(...path: string[]): string {
  const file = join(packageFolder, ...path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, '')
  return file
}

test('without its binary there is no Electron, and nothing is downloaded to find out', () => {
  expect(findElectron({ environment: {}, packageFolder })).toBeNull()
  expect(findElectron({ environment: {}, packageFolder: null })).toBeNull()
})

test('the binary is where the installer says', () => {
  const file = install('dist', 'elsewhere', 'electron')
  writeFileSync(join(packageFolder, 'path.txt'), 'elsewhere/electron')
  expect(findElectron({ environment: {}, packageFolder, platform: 'linux' })).toBe(file)
})

test.each([
  ['linux', ['electron']],
  ['win32', ['electron.exe']],
  ['darwin', ['Electron.app', 'Contents', 'MacOS', 'Electron']],
] as const)('without a word of the installer it is where it usually is on %s', (platform, path) => {
  const file = install('dist', ...path)
  expect(findElectron({ environment: {}, packageFolder, platform })).toBe(file)
})

test('a folder of the environment goes first, and a wrong one is not passed over in silence', () => {
  install('dist', 'electron')
  const file = install('override', 'electron')
  const environment = { ELECTRON_OVERRIDE_DIST_PATH: join(packageFolder, 'override') }
  expect(findElectron({ environment, packageFolder, platform: 'linux' })).toBe(file)
  expect(findElectron({ environment: { ELECTRON_OVERRIDE_DIST_PATH: '/nowhere' }, packageFolder })).toBeNull()
})
