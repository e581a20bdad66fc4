import { describe, expect, test } from 'vitest'
import { inheritVersion, versionedUrl, versionOf } from './module-version.ts'

describe('the version of a module', () => {
  test('is part of its URL', () => {
    const url = versionedUrl('/with space/a.ops.ts', '1a')
    expect(url).toBe('file:///with%20space/a.ops.ts?v=1a')
    expect(versionOf(url)).toBe('1a')
    expect(versionOf('file:///a.ts')).toBeNull()
    expect(versionOf('node:fs')).toBeNull()
    expect(versionOf(undefined)).toBeNull()
  })

  test.each([
    ['file:///ws/helper.ts', 'file:///ws/a.ops.ts?v=1', 'file:///ws/helper.ts?v=1'],
    ['file:///ws/helper.ts?v=0', 'file:///ws/a.ops.ts?v=1', 'file:///ws/helper.ts?v=0'],
    ['file:///ws/helper.ts', 'file:///ws/a.ops.ts', 'file:///ws/helper.ts'],
    ['file:///ws/helper.ts', undefined, 'file:///ws/helper.ts'],
    ['file:///ws/node_modules/x/index.js', 'file:///ws/a.ops.ts?v=1', 'file:///ws/node_modules/x/index.js'],
    ['node:fs', 'file:///ws/a.ops.ts?v=1', 'node:fs'],
  ])('%s imported by %s is %s', (url, parent, expected) => {
    expect(inheritVersion(url, parent)).toBe(expected)
  })
})
