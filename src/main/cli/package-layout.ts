import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { assert } from '../../shared/assert.ts'

/** Root of the package that this code belongs to, whether it runs from source or from the bundle. */
export function packageRoot(moduleUrl = import.meta.url): string {
  let directory = dirname(fileURLToPath(moduleUrl))
  while (!existsSync(join(directory, 'package.json'))) {
    const parent = dirname(directory)
    assert(parent !== directory, 'the code of a package lies below its package.json')
    directory = parent
  }
  return directory
}

/** Where the build puts the window. */
export function rendererDirectory(): string {
  return join(packageRoot(), 'out', 'renderer')
}
