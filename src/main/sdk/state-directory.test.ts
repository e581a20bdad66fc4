import { describe, expect, test } from 'vitest'
import { hostsDirectory, stateDirectory } from './state-directory.ts'

describe('the state directory', () => {
  test.each([
    ['linux', {}, '/home/ada/.local/state/guardhouse'],
    ['linux', { XDG_STATE_HOME: '/state' }, '/state/guardhouse'],
    ['linux', { XDG_STATE_HOME: '' }, '/home/ada/.local/state/guardhouse'],
    ['linux', { GUARDHOUSE_STATE_DIR: '/mine', XDG_STATE_HOME: '/state' }, '/mine'],
    ['darwin', {}, '/home/ada/Library/Application Support/Guardhouse'],
    ['win32', { LOCALAPPDATA: '/local' }, '/local/Guardhouse'],
    ['win32', {}, '/home/ada/AppData/Local/Guardhouse'],
  ] as const)('on %s with %j is %s', (platform, environment, expected) => {
    expect(stateDirectory({ platform, environment, home: '/home/ada' })).toBe(expected)
  })

  test('holds the announcements of running hosts', () => {
    expect(hostsDirectory('/state')).toBe('/state/hosts')
  })
})
