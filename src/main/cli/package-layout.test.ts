import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot, rendererDirectory } from './package-layout.ts'

test('the package is found from any file of it', () => {
  expect(existsSync(join(packageRoot(), 'src', 'main', 'cli.ts'))).toBe(true)
  expect(rendererDirectory()).toBe(join(packageRoot(), 'out', 'renderer'))
})
